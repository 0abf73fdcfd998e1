# The chat page and the API, as an unprivileged user over a read-only file system. Built in two steps, so that no
# compiler and no package cache end up in what runs.
FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY qa qa
COPY web web
COPY corpus corpus
RUN python -m venv /opt/fonte \
 && /opt/fonte/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && /opt/fonte/bin/pip install --no-cache-dir --no-deps . \
 && /opt/fonte/bin/pip install --no-cache-dir "opensearch-py>=2.7"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin fonte \
 && mkdir /cache && chown fonte /cache
COPY --from=build /opt/fonte /opt/fonte
ENV PATH=/opt/fonte/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    QA_HOST=0.0.0.0 \
    QA_PORT=8000 \
    QA_CACHE=/cache
USER 10001
WORKDIR /tmp
EXPOSE 8000
# What is slow to make is made now, so that a container starts at once and needs to write nothing.
RUN ["qa", "index"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["qa", "serve"]
