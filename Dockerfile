# syntax=docker/dockerfile:1

# The product's own Node is the npm package `node` (pinned in package.json); this image only has to have npm.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY shared ./shared
COPY web ./web
RUN npm run build

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The database is a service of its own here: the embedded one stays behind.
RUN npm ci --omit=dev --omit=optional

FROM debian:bookworm-slim AS run
ENV NODE_ENV=production PATH=/app/node_modules/.bin:$PATH
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/headroom headroom
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY shared ./shared
COPY server ./server
COPY sql ./sql
COPY --from=build /app/web/build ./web/build
COPY --from=build /app/web/static/geo ./web/static/geo
USER headroom
VOLUME /var/lib/headroom
ENV HOST=0.0.0.0 PORT=8080 HEADROOM_HOME=/var/lib/headroom
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require('node:http').get({host:'127.0.0.1',port:process.env.PORT,path:'/api/health/ready'},r=>process.exit(r.statusCode===200?0:1)).on('error',()=>process.exit(1))"]
# The supervisor runs server and demonstration feeds; with DATABASE_URL set it starts no database.
ENTRYPOINT ["node", "server/supervisor/main.ts"]
