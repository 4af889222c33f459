# One image for api, worker and beat; the command chooses. Debian's glibc: the broker and codec wheels need >= 2.28.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY tts_service tts_service
COPY workers workers
RUN python -m venv /opt/tts && /opt/tts/bin/pip install --no-cache-dir -c constraints.txt '.[engines]'

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/tts tts
COPY --from=build /opt/tts /opt/tts
ENV PATH=/opt/tts/bin:$PATH TTS_DATA_DIR=/var/lib/tts TTS_HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER tts
WORKDIR /var/lib/tts
VOLUME /var/lib/tts
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["tts-service", "api"]
