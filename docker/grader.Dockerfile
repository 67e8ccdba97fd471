# A grading machine: the judge and its sandbox. No Django, no database.
#     docker build --file docker/grader.Dockerfile --target cpu --tag sparring-grader:VERSION-cpu .
#     docker build --file docker/grader.Dockerfile --target cuda --tag sparring-grader:VERSION-cuda .
# TORCH_INDEX: for the CPU, the address of torch's builds without CUDA, as PyTorch's own page of
# installation names it; without it, torch comes with some gigabytes of CUDA.
ARG PYTHON_IMAGE=python:3.11.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
ARG EXTRAS="grader"
ARG TORCH_INDEX=""
WORKDIR /build
COPY pyproject.toml constraints.txt ./
COPY scripts/requirements.py scripts/
RUN python3 -m scripts.requirements ${EXTRAS} > requirements.txt \
    && python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: \
        ${TORCH_INDEX:+--extra-index-url "${TORCH_INDEX}"} \
        --constraint constraints.txt --requirement requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM packages AS packages-cuda
RUN python3 -m scripts.requirements gpu > gpu.txt \
    && python3 -m pip --python /opt/venv install --no-cache-dir --only-binary :all: \
        --constraint constraints.txt --requirement gpu.txt

FROM ${PYTHON_IMAGE} AS machine
# Debian keeps no old versions: these are the release's, with its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10002 --user-group --no-create-home --home-dir /nonexistent grader \
    && install --directory --mode 0700 --owner grader --group grader /tmp/sparring-10002
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SPARRING_ALIVE_FILE=/tmp/alive \
    SPARRING_LOG_FORMAT=json
WORKDIR /app
COPY scripts scripts
COPY sandbox sandbox
COPY grader grader
RUN python3 -m compileall -q .
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-m", "scripts.healthy", "alive"]
CMD ["python3", "-m", "scripts.serve", "grader"]

# Triton builds a launcher for each kernel, with a C compiler.
FROM machine AS cuda
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages-cuda /opt/venv /opt/venv
ENV SPARRING_DEVICE=cuda \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10002:10002

FROM machine AS cpu
COPY --from=packages /opt/venv /opt/venv
ENV SPARRING_DEVICE=cpu
USER 10002:10002
