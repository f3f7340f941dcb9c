# One image, one entry point, roles by name: `node ops/main.ts api`, `... worker`. Node runs the TypeScript as it is, so there is
# nothing to compile; the first stage only gathers what the second one runs.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No embedded Postgres, no second Node, no tools: a container has servers beside it.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

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
USER node
EXPOSE 8000
# Which role answers is the container's own business: it asks the process that it runs.
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 CMD ["node", "ops/healthcheck.ts"]
# The roles are SPRING_PROFILES_ACTIVE's, or the command's: `docker run <image> node ops/main.ts worker`.
CMD ["node", "ops/main.ts"]
