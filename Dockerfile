# The first stage installs, as `make install` does; the second runs, without what was only needed for installing.
FROM python:3.13-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_CACHE=1 VIRTUAL_ENV=/kuliss/.venv
WORKDIR /kuliss
COPY requirements-boot.lock requirements.lock ./
RUN python -m venv --without-pip .venv \
    && python -m pip --python .venv/bin/python install --no-cache-dir --require-hashes -r requirements-boot.lock \
    && .venv/bin/uv pip install --compile-bytecode --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE alembic.ini ./
COPY migrations migrations
COPY app app
RUN .venv/bin/uv pip install --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q app migrations \
    && .venv/bin/python -c "from app.foundation import i18n; [i18n.translations(one) for one in i18n.LOCALES]" \
    && .venv/bin/uv pip uninstall hatchling editables trove-classifiers uv

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home kuliss && install -d -o kuliss -g kuliss -m 0700 /data
WORKDIR /kuliss
COPY --from=build /kuliss /kuliss
ENV PATH=/kuliss/.venv/bin:$PATH HOST=0.0.0.0 PORT=8000 DATA_DIR=/data LOG_FORMAT=json PYTHONUNBUFFERED=1
USER kuliss
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["kuliss", "serve"]
