#!/bin/bash
# Builds gradstream/jre:25, a stand-in for eclipse-temurin:25-jre where no registry can be reached: a minimal Debian made by
# debootstrap and a Java runtime made by jlink. What is already there is used again. Prints the image's name.
#
# Needs root, debootstrap, a Debian mirror, a Docker engine, and a JDK 25 in JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
debian=gradstream/debian:bookworm
jre=gradstream/jre:25
modules=java.se,jdk.crypto.ec,jdk.httpserver,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.management.agent,jdk.net
modules+=,jdk.nio.mapmode,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs

present() { docker image inspect "$1" > /dev/null 2>&1; }

if ! present "$jre"; then
  work=$(mktemp -d)
  trap 'rm -rf --one-file-system "$work"' EXIT

  if ! present "$debian"; then
    echo "installing a minimal Debian" >&2
    /usr/sbin/debootstrap --variant=minbase bookworm "$work/root" > "$work/log" || { tail "$work/log" >&2; exit 1; }
    tar -C "$work/root" -c . | docker import - "$debian" >&2
  fi

  echo "linking a Java runtime" >&2
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$work/context/jre" >&2
  DOCKER_BUILDKIT=0 docker build --quiet --tag "$jre" --build-arg "BASE=$debian" --file "$here/Dockerfile" "$work/context" >&2
fi
echo "$jre"
