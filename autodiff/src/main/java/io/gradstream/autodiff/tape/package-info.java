/**
 * The tape that records operations, and the handles of what it recorded.
 *
 * <p>A {@link io.gradstream.autodiff.tape.Tape} is one of three. {@linkplain io.gradstream.autodiff.tape.Tape#recording Recording}: it only
 * remembers, for a plan to be made of it. {@linkplain io.gradstream.autodiff.tape.Tape#eager Eager}: it also runs every operation on a
 * device when it is recorded, so that Java control flow may depend on values. {@linkplain io.gradstream.autodiff.tape.Tape#inference For
 * inference}: it runs and remembers nothing. Eager tapes own the memory of their values until they are closed.
 *
 * <p>Leaves are inputs (data), parameters (what training changes) and constants. Every other node is an operation on nodes before it, so
 * node numbers are a topological order and no walk over a tape ever recurses. A node knows the source line that asked for it; derivative
 * operations have the line of what they derive.
 *
 * <p>Operations that write {@linkplain io.gradstream.autodiff.op.InPlace in place} give their first operand a new version. Whoever uses an
 * older version afterwards, a derivative rule included, gets an {@link io.gradstream.autodiff.tape.OverwrittenException} that names the
 * value, the writer and the reader with their lines.
 */
@NullMarked
package io.gradstream.autodiff.tape;

import org.jspecify.annotations.NullMarked;
