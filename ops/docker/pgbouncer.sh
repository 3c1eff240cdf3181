#!/bin/sh
# Writes the pooler's list of users from the environment and becomes the pooler.
set -eu
umask 077
printf '"tandem_web" "%s"\n"tandem_worker" "%s"\n' "$WEB_PASSWORD" "$WORKER_PASSWORD" \
  > /tmp/userlist.txt
exec pgbouncer /etc/tandem/pgbouncer.ini
