/* Why something was not verified. The page that imports this has the words; here are the reasons:
 *   no_statement    the scanned text is not the code of a certificate
 *   stranger        none of the trusted issuers uses the key that it names
 *   changed         the statement is not the one that was signed
 *   key_not_in_use  the issuer did not use this key on the day of issue
 *   bad_list        the list of issuers or of revocations cannot be relied on
 */
export class NotVerified extends Error {
  constructor(reason, detail) {
    super(detail);
    this.name = "NotVerified";
    this.reason = reason;
  }
}
