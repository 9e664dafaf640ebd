# Plain instructions only, so that every builder can build it, also without BuildKit.
#   docker build --target broker -t sekisho .
#   docker run --read-only --cap-drop=ALL -v ./sekisho.yaml:/config/sekisho.yaml:ro -v sekisho:/data -p 8080:8080 sekisho
# With SQLite, that config says `store: sqlite:/data/sekisho.db`: nothing but /data can be written.
ARG NODE_IMAGE=docker.io/library/node:26-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image has its own Node: the one that npm brings for older machines stays out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# Only here can the demo be taken out without staying in a layer underneath.
FROM ${NODE_IMAGE} AS sources
WORKDIR /app
COPY package.json ./
COPY src ./src
COPY views ./views
COPY public ./public
COPY config/sekisho.example.yaml config/sekisho.schema.json ./config/
RUN rm -r src/demo

FROM dependencies AS demo
# Of all that development needs, the demo needs the OpenID provider alone, in the locked version.
RUN version=$(npm pkg get devDependencies.oidc-provider | tr -d '"') \
  && npm pkg delete devDependencies.oidc-provider \
  && npm pkg set "dependencies.oidc-provider=$version" \
  && npm install --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY src ./src
COPY config/demo.yaml config/sekisho.schema.json ./config/
# A new volume takes over the owner of the folder that it covers.
RUN mkdir /demo && chown 1000:1000 /demo
USER 1000:1000
CMD ["node", "src/demo/stand-ins.ts"]

# Compiled code, made by the user that it is for (Node has their number in its name), and read by them alone: a folder
# that the process could write would be code that it could change.
FROM ${NODE_IMAGE} AS compiled
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=sources /app ./
RUN mkdir .compiled && chown 1000:1000 .compiled
USER 1000:1000
RUN NODE_COMPILE_CACHE=/app/.compiled node src/main.ts help && chmod -R a+rX .compiled

FROM ${NODE_IMAGE} AS broker
# Little memory and quick starts: docs/running.md.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 NODE_COMPILE_CACHE=/app/.compiled
WORKDIR /app
COPY --from=compiled /app ./
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
# `node` of the base image; as a number, since Kubernetes' runAsNonRoot cannot judge a name.
USER 1000:1000
EXPOSE 8080
# PORT is for this check alone: set it where the config listens elsewhere. By http, else by https where the config has
# a certificate of its own: whether that is good is for others to judge.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "const ask = (by, otherwise) => require(by).get({ host: '127.0.0.1', port: process.env.PORT ?? 8080, path: '/healthz', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).once('error', otherwise); ask('http', () => ask('https', () => process.exit(1)))"]
CMD ["node", "--min-semi-space-size=4", "--max-semi-space-size=4", "src/main.ts", "serve", "--config", "/config/sekisho.yaml"]
