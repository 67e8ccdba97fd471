# What a learner's code runs in where a grading worker uses containers (SPARRING_SANDBOX=container):
# Python, torch, numpy, and for Triton a compiler. Of this project nothing: sandbox/inside is mounted
# read-only, and sandbox/container.py gives the rest of the walls when it starts one.
#     docker build --file docker/sandbox.Dockerfile --tag sparring-sandbox:VERSION .
ARG PYTHON_IMAGE=python:3.11.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
ARG TORCH_INDEX=""
WORKDIR /build
COPY constraints.txt ./
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: \
        ${TORCH_INDEX:+--extra-index-url "${TORCH_INDEX}"} --constraint constraints.txt numpy torch \
    && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM ${PYTHON_IMAGE}
# Debian keeps no old versions: these are the release's, with its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin
COPY --from=packages /opt/venv /opt/venv
USER 65534:65534
# It lives for one submission and is watched by its judge.
HEALTHCHECK NONE
ENTRYPOINT ["python3"]
