#!/bin/bash
# Builds an image that keeps the contract of apache/kafka (KAFKA_… variables, /etc/kafka/docker/run), for tests where no
# registry can be reached. An image made of the same files is used again. Prints the image's name.
#
# usage: build.sh CLASSPATH    the jars of a Kafka server and of a binding for slf4j
set -euo pipefail

classpath=${1:?usage: build.sh CLASSPATH}
here=$(cd "$(dirname "$0")" && pwd)
mapfile -t jars < <(tr ':' '\n' <<< "$classpath" | grep '\.jar$' | sort -u)
[ ${#jars[@]} -gt 0 ] || { echo "no jars on the class path: $classpath" >&2; exit 1; }

version=$({ cat "$here"/*; printf '%s\n' "${jars[@]##*/}"; } | sha256sum | cut -c1-12)
image=gradstream/kafka:$version

if ! docker image inspect "$image" > /dev/null 2>&1; then
  base=$("$here/../base/build.sh")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/libs"
  cp "${jars[@]}" "$work/libs"
  cp -r "$here" "$work/broker"
  DOCKER_BUILDKIT=0 docker build --quiet --tag "$image" --build-arg "BASE=$base" --file "$here/Dockerfile" "$work" >&2
fi
echo "$image"
