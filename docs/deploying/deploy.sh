#!/usr/bin/env bash
# Makes a release live: deploy.sh v1.2.0, as root. The old one stays beside it, and is live again with: deploy.sh v1.1.0
set -euo pipefail
release="${1:?Say which release: a tag, a branch or a commit}"
home=/srv/conference
place="$home/releases/$(echo "$release" | tr / -)"

as_site() { runuser -u conference -- env HOME="$home" "$@"; }
manage() { (cd "$place" && set -a && . /etc/conference.env && set +a && runuser -u conference -- .venv/bin/python manage.py "$@"); }

if [ ! -d "$place" ]; then
    as_site git -C "$home/repository" fetch --tags --prune
    as_site git -C "$home/repository" worktree add --detach "$place" "$release"
fi
# With a database named, the embedded PostgreSQL of development is not installed.
(cd "$place" && as_site DATABASE_URL=given script/setup)
manage check --deploy --fail-level ERROR
manage migrate --no-input
manage make_roles
manage collectstatic --no-input --verbosity 0
ln -sfn "$place" "$home/current.new"
mv -T "$home/current.new" "$home/current"
systemctl restart conference-worker.service conference-web@8001.service conference-web@8000.service
echo "$release is live."
