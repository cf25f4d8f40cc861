#!/bin/sh
# Makes two-towers.jar of the model. Gradstream must be built; its classes are needed to compile and do not go into the jar.
set -eu
cd "$(dirname "$0")"
javac --release 25 -cp ../../autodiff/target/classes -d target/classes $(find src/main/java -name '*.java')
jar --create --file target/two-towers.jar -C target/classes .
