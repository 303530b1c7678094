"""A browser without scripts: it opens pages, fills in their forms, follows answers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

_VOID = {"input", "br", "img", "hr", "meta", "link"}
_SKIPPED = {"script", "style", "svg", "template"}


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)  # as they are sent untouched
    names: set[str] = field(default_factory=set)
    choices: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.texts, self.links = [], [], []
        self._form = self._select = self._option = self._textarea = self._link = None
        self._skipped = 0
        self._label, self._labelled = [], None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in _SKIPPED:
            self._skipped += 1
        if tag == "form":
            self._form = Form(given.get("action") or "", given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._link = [given.get("href", ""), ""]
            self.links.append(self._link)
        elif tag == "label":
            self._label, self._labelled = [], None
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag, given):
        name = given.get("name")
        if tag == "option" and self._select:
            self._option = [self._select, given.get("value", ""), "", "selected" in given]
            return
        if not name or "disabled" in given:
            return
        self._form.names.add(name)
        kind, value = given.get("type", "text"), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
        elif tag == "button":
            self._form.choices.append((name, value or "", ""))
        elif tag == "input" and kind in {"checkbox", "radio"}:
            self._labelled = [name, given.get("value", "on")]
            if "checked" in given:
                self._form.fields.append((name, given.get("value", "on")))
        elif tag == "input" and kind != "file":
            self._form.fields.append((name, value or ""))

    def handle_endtag(self, tag):
        if tag in _SKIPPED:
            self._skipped -= 1
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea:
            self._textarea = None
        elif tag == "option" and self._option:
            name, value, words, selected = self._option
            self._form.choices.append((name, value, words.strip()))
            named = [each for each, _value in self._form.fields]
            if selected or name not in named:  # a browser chooses the first
                self._form.fields = [each for each in self._form.fields if each[0] != name]
                self._form.fields.append((name, value))
            self._option = None
        elif tag == "label" and self._labelled and self._form is not None:
            self._form.choices.append((*self._labelled, " ".join("".join(self._label).split())))

    def handle_data(self, text):
        if self._skipped:
            return
        self._label.append(text)
        self.texts.append(text)
        if self._link:
            self._link[1] += text
        if self._option:
            self._option[2] += text


@dataclass
class Page:
    url: str
    status: int
    content: bytes
    headers: dict

    def __post_init__(self):
        self._reader = _Reader()
        if "html" in self.headers.get("Content-Type", ""):
            self._reader.feed(self.content.decode())

    @property
    def text(self):
        """What a person reads, in one line."""
        return " ".join(" ".join(self._reader.texts).split())

    @property
    def links(self):
        return [(href, " ".join(words.split())) for href, words in self._reader.links]

    def form(self, having="", *, to=""):
        """The POST form that has this field, or goes to an address that ends so."""
        for form in self._reader.forms:
            if form.method != "post" or not self._is_of_the_page(form):
                continue
            if form.action.endswith(to) and (not having or having in form.names):
                return form
        raise AssertionError(f"{self.url} has no form with {having!r} to {to!r}: {self.text[:400]}")

    @staticmethod
    def _is_of_the_page(form):
        """Not the ones that stand on every page: leaving, the language."""
        return "sign-out" not in form.action and "language" not in form.action

    def choice(self, name, words):
        """The value of the choice that reads like this."""
        for form in self._reader.forms:
            for of, value, told in form.choices:
                if of == name and words in told:
                    return value
        raise AssertionError(f"{self.url} offers no {words!r} for {name!r}: {self.text[:400]}")

    def link_to(self, part):
        return next(href for href, _words in self.links if part in href)


class PlainBrowser:
    """One person's browser. CSRF is checked, as it is on the real site."""

    def __init__(self, language="vi"):
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies["django_language"] = language
        self.language = language
        self.page = None

    def open(self, address, status=200):
        self._take(self.client.get(self._resolved(address)), address)
        return self._expecting(status)

    def submit(self, form=None, *, status=200, files=None, **changes):
        """Fill in these fields, leave the others as they stand, send."""
        form = form or self.page.form()
        self.last = self._body(form, changes)
        return self.send(form.action or self.page.url, self.last, files=files, status=status)

    def send(self, address, body, *, files=None, status=200):
        """Send a body as it is: also what no page would send, or a second time."""
        sent = {**body, **(files or {})}
        answer = self.client.post(self._resolved(address), sent)
        self._take(answer, self._resolved(address))
        return self._expecting(status)

    def sign_in(self, username, password):
        self.open("/sign-in/")
        self.submit(self.page.form("username"), username=username, password=password)
        return self

    def _body(self, form, changes):
        unknown = changes.keys() - form.names
        assert not unknown, f"{self.page.url} has no field {sorted(unknown)}, but {form.names}"
        body = {}
        for name, value in form.fields:
            body.setdefault(name, []).append(value)
        body.update(
            {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
        )
        return body

    def _resolved(self, address):
        return urljoin(self.page.url, address) if self.page else address

    def _take(self, answer, address):
        hops = 0
        self.passed = []
        while answer.status_code in {301, 302, 303}:
            address = urljoin(address, answer.headers["Location"])
            self.passed.append((answer.status_code, address))
            parts = urlsplit(address)
            answer = self.client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
            hops += 1
            assert hops < 6, f"{address} leads round in circles"
        self.page = Page(address, answer.status_code, answer.content, dict(answer.headers))

    def _expecting(self, status):
        page = self.page
        assert page.status == status, f"{page.url}: {page.status}, not {status}: {page.text[:600]}"
        return page
