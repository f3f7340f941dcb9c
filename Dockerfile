# One image, one entry point, roles by name: `node ops/main.ts api`, `... worker`. Node runs the TypeScript as it is, so only what
# browsers load is compiled, in a stage of its own; another gathers the packages that run.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No embedded Postgres, no second Node, no tools: a container has servers beside it.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

FROM node:24-slim AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci && npm cache clean --force
COPY tsconfig.json ./
COPY web ./web
COPY dashboard ./dashboard
COPY sdk ./sdk
COPY ops/build.ts ops/bundles.ts ./ops/
RUN node ops/build.ts

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE README.md ./
COPY schema ./schema
COPY runtime ./runtime
COPY actors ./actors
COPY api ./api
COPY ops ./ops
COPY web ./web
COPY dashboard/build.ts ./dashboard/
COPY dashboard/server ./dashboard/server
COPY --from=pages /app/dashboard/dist ./dashboard/dist
COPY sdk/build.ts sdk/server.ts ./sdk/
COPY sdk/build ./sdk/build
COPY sdk/server ./sdk/server
COPY --from=pages /app/sdk/dist ./sdk/dist
USER node
EXPOSE 3000 3001 8000
# Which role answers is the container's own business: it asks the process that it runs.
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 CMD ["node", "ops/healthcheck.ts"]
# The roles are SPRING_PROFILES_ACTIVE's, or the command's: `docker run <image> node ops/main.ts worker`.
CMD ["node", "ops/main.ts"]
