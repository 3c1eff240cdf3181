# The application image (target `app`) and its connection pooler (target `pgbouncer`).

FROM node:22-bookworm-slim AS styles
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY static/scss static/scss
RUN npm run build

FROM debian:trixie-slim AS pgbouncer
RUN apt-get update \
 && apt-get install -y --no-install-recommends pgbouncer postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home pooler
COPY ops/docker/pgbouncer.ini /etc/tandem/pgbouncer.ini
COPY ops/docker/pgbouncer.sh /usr/local/bin/start-pgbouncer
USER pooler
CMD ["sh", "/usr/local/bin/start-pgbouncer"]

FROM python:3.13-slim-bookworm AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/uv.txt requirements/production.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/uv.txt \
 && uv pip sync --system --no-cache --require-hashes --compile-bytecode requirements/production.txt \
 && pip uninstall --yes uv
COPY . .
COPY --from=styles /app/node_modules/nhsuk-frontend node_modules/nhsuk-frontend
COPY --from=styles /app/static/build static/build
# Collecting the static files opens no connection; the values only satisfy the settings.
RUN SECRET_KEY=build DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    EMAIL_URL=smtp://build python manage.py collectstatic --noinput --ignore '*.scss' \
 && useradd --system --no-create-home tandem
USER tandem
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config=python:config.web_server", "--bind=0.0.0.0:8000", "--preload", "--workers=2", "--threads=4", \
     "--worker-class=gthread", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
