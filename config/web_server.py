"""What gunicorn reads beside its command line: it does not say which software it is."""

import gunicorn.http.wsgi

gunicorn.http.wsgi.SERVER = "Tandem"
