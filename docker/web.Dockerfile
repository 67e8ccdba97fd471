# The web side: pages, what records verdicts, sweeps, migrations. No torch, no compiler.
#     docker build --file docker/web.Dockerfile --tag sparring-web:VERSION .
# PYTHON_IMAGE may name the same image by its digest: docker/README.md.
ARG PYTHON_IMAGE=python:3.11.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
COPY pyproject.toml constraints.txt ./
COPY scripts/requirements.py scripts/
RUN python3 -m scripts.requirements web > requirements.txt \
    && python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: \
        --constraint constraints.txt --requirement requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pip setuptools \
    && find /opt/venv -type d -name tests -prune -exec rm -r {} + \
    && find /opt/venv -type f -name '*.po' -delete

# The site as it is served: static files under hashed names, packed; their originals are left out.
FROM packages AS site
WORKDIR /app
COPY manage.py gunicorn.conf.py ./
COPY scripts scripts
COPY locale locale
COPY config config
COPY grader grader
COPY question_bank question_bank
COPY assessments assessments
ENV SPARRING_STATIC_MANIFEST=true \
    SPARRING_STATIC_ROOT=/app/static
# Neither the judge nor torch's references: the web side never imports them.
RUN rm -r grader/judge grader/references \
    && SPARRING_VAR=/tmp/build /opt/venv/bin/python3 manage.py collectstatic --no-input --verbosity 0 \
    && find /opt/venv -type d -name static ! -exec test -e '{}/__init__.py' ';' -prune \
        -exec rm -r {} + \
    && find static -name '*.map*' -delete \
    && rm -rf static/drf_spectacular_sidecar/redoc \
    && /opt/venv/bin/python3 -c 'import celery.apps.beat, celery.apps.worker, gunicorn.app.wsgiapp' \
    && python3 -m compileall -q .

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent sparring \
    && install --directory --mode 0700 --owner sparring --group sparring /var/lib/sparring
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000 \
    SPARRING_ALIVE_FILE=/tmp/alive \
    SPARRING_LOG_FORMAT=json \
    SPARRING_STATIC_MANIFEST=true \
    SPARRING_STATIC_ROOT=/app/static \
    SPARRING_VAR=/var/lib/sparring
WORKDIR /app
COPY --from=site /opt/venv /opt/venv
COPY --from=site /app /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python3", "-m", "scripts.healthy", "web"]
CMD ["python3", "-m", "scripts.serve", "web"]
