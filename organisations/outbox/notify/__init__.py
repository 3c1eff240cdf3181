"""GOV.UK Notify as the provider of e-mail, chosen by EMAIL_URL=notify://

`client` speaks its API, `wording` turns a message into what it takes, `carrier` hands over and
says what came of it, `receipts` and `hooks` take what it reports later, `checks` looks at the
settings. How to set it up: docs/notify.md.

Its official client is not used: it answers every failure with the same exception, so that "never
reached" cannot be told from "the answer was lost", which is all that matters here.
"""
