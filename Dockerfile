# One image for every process of the portal; docker-compose.yml tells them apart.

FROM python:3.12-slim-bookworm AS build
WORKDIR /srv/portal
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
# For keys in a hardware module: --build-arg EXTRAS="--extra pkcs11"
ARG EXTRAS=""

# What changes seldom comes first, so that a change of our own code builds in seconds.
COPY pyproject.toml uv.lock ./
COPY setup setup
RUN python -c "from setup import environment, system; system.install(system.ALWAYS); environment.sync(tests=False)" \
    && if [ -n "$EXTRAS" ]; then .tools/uv/bin/uv sync --frozen --no-dev $EXTRAS; fi
COPY package.json package-lock.json ./
COPY static static
RUN python -c "from setup import assets; assets.build()"

COPY . .
# The settings of development ask for no secret; the names of the files are those of production.
RUN python -m setup.bootstrap \
    && PORTAL_VAR=/tmp/var STATICFILES_BACKEND=whitenoise.storage.CompressedManifestStaticFilesStorage \
       .venv/bin/python -c "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; \
import django; django.setup(); from django.core.management import call_command; \
from setup.prepare import UNSERVED; \
call_command('collectstatic', interactive=False, verbosity=0, ignore_patterns=UNSERVED)" \
    && .venv/bin/python -m compileall -q deploy portal mou partners reporting \
    && mkdir /out && mv /tmp/var/static /out/static && mv static-build/fonts static-build/geo /out/ \
    && rm -rf .tools node_modules package.json package-lock.json setup static-build uv.lock


FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 espeak-ng \
    && rm -rf /var/lib/apt/lists/* /usr/local/lib/python3.12/site-packages/pip* /usr/local/bin/pip*

# A user for each process; files are shared through a group. The numbers are those of
# docker-compose.yml and deploy/make_secrets.py.
RUN groupadd --gid 10100 portal-files \
    && id=10001 && for name in intake site office worker pdf beat migrate; do \
        useradd --uid $id --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin portal-$name \
        && id=$((id + 1)); \
    done \
    && mkdir -p /var/lib/portal/keys /var/lib/portal/mail /var/lib/portal/broker /var/lib/portal/log \
    && install -d -o root -g portal-files -m 2770 /var/lib/portal/files

COPY --from=build /out/static /var/lib/portal/static
COPY --from=build /srv/portal /srv/portal
COPY --from=build /out/fonts /srv/portal/static-build/fonts
COPY --from=build /out/geo /srv/portal/static-build/geo

WORKDIR /srv/portal
ENV PATH=/srv/portal/.venv/bin:$PATH \
    PORTAL_VAR=/var/lib/portal \
    HOME=/tmp XDG_CACHE_HOME=/tmp/cache \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# No process runs as root, whoever starts the image without naming a user.
USER 10002:10002
CMD ["gunicorn", "-c", "deploy/gunicorn.py", "portal.wsgi"]
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s --retries=4 CMD ["python", "deploy/health.py", "web"]
