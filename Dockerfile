# ghostproof in one container. PostgreSQL is the embedded one unless DATABASE_URL is given.
FROM python:3.11-slim

# libatomic1 is for the driver that Playwright brings; the gate checks certificates by the system's.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates chromium libatomic1 tini tzdata \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
RUN pip install --no-cache-dir . && rm -rf /app/*

# Chromium and PostgreSQL both refuse to run as root with their safeguards on.
RUN useradd --create-home --uid 10001 ghostproof \
 && install -d -o ghostproof -g ghostproof -m 0700 /data
USER ghostproof
WORKDIR /data
VOLUME /data

# The commit that is running: docker build --build-arg GIT_SHA="$(git rev-parse HEAD)" .
# Last, so that a new commit does not rebuild the layers above.
ARG GIT_SHA=unknown
ENV GIT_SHA=$GIT_SHA PORT=3000 PYTHONUNBUFFERED=1
LABEL org.opencontainers.image.revision=$GIT_SHA

EXPOSE 3000

# Whether the process lives. Whether it is ready says /ready, and whether production is well says
# `certify`: neither is mended by killing the container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=4)"]

# tini buries what Chromium and PostgreSQL leave behind.
ENTRYPOINT ["tini", "--", "ghostproof", "run"]
