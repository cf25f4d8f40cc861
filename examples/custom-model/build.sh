#!/bin/sh
# Makes two-towers.jar of the model, in target or in the folder that is given. Gradstream's classes are needed to compile and do not go
# into the jar; where they are not at their place beside this example, GRADSTREAM_CLASSES says where.
set -eu
to=${1:-$(dirname "$0")/target}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$to"
to=$(cd "$to" && pwd)
classes=${GRADSTREAM_CLASSES:-$here/../../autodiff/target/classes}
[ -e "$classes" ] || { echo "build Gradstream first (./gradstream --help does): no classes in $classes" >&2; exit 1; }
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
find "$here/src/main/java" -name '*.java' >"$to/sources"
"${bin}javac" --release 25 -proc:none -cp "$classes" -d "$to/classes" @"$to/sources"
"${bin}jar" --create --file "$to/two-towers.jar" -C "$to/classes" .
