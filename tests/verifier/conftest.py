import pytest

from verifier import pdf_forge


@pytest.fixture(scope="session")
def root():
    """The key and certificate of the one authority that is trusted."""
    return pdf_forge.authority()


@pytest.fixture(scope="session")
def signer(root):
    return pdf_forge.hand(root=root, cn="Trường Chính trị mẫu")


@pytest.fixture(scope="session")
def organisation(root):
    return pdf_forge.hand(root=root, cn="Văn thư mẫu", serial=78)


@pytest.fixture(scope="session")
def stranger():
    """Somebody with a certificate under an authority of his own."""
    return pdf_forge.hand(cn="Kẻ lạ")


@pytest.fixture(scope="session")
def trusted(root):
    return [root[1]]


@pytest.fixture(scope="session")
def signed(signer):
    return pdf_forge.signed(signer)
