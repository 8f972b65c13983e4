# Build: a wheel of this checkout, and an environment that holds it and the pinned dependencies, each hash checked.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --quiet --require-hashes -r requirements-build.lock
RUN python -m venv --without-pip /opt/semax-bot \
    && /opt/tools/bin/pip --python /opt/semax-bot/bin/python install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY content content
RUN /opt/tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /opt/wheel . \
    && /opt/tools/bin/pip --python /opt/semax-bot/bin/python install --quiet --no-deps /opt/wheel/*.whl
RUN mkdir /opt/data

# Run: the environment alone, without build tools, as nobody in particular.
FROM python:3.13-slim
COPY --from=build /opt/semax-bot /opt/semax-bot
COPY --from=build --chown=10001:10001 /opt/data /data
ENV PATH=/opt/semax-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SEMAX_BOT_DATA=/data
USER 10001:10001
VOLUME /data
# The page, where SEMAX_BOT_WEB_URL is set and SEMAX_BOT_WEB_LISTEN is 0.0.0.0:8080.
EXPOSE 8080
# A bot that dies ends its container; what this adds is that settings and content still lead to an answer.
HEALTHCHECK --interval=5m --timeout=10s --start-period=15s CMD ["semax-bot", "ask", "DOPAC"]
ENTRYPOINT ["semax-bot"]
CMD ["run"]
