/**
 * Transforms of a tape: derivatives, precision and memory, all of them written in operations of the tape.
 *
 * <ul>
 *   <li>{@link io.gradstream.autodiff.transform.Gradient}, {@link io.gradstream.autodiff.transform.Jvp}: reverse and forward mode. Each
 *       records what it computes, so they compose: {@link io.gradstream.autodiff.transform.Hessian}, {@link
 *       io.gradstream.autodiff.transform.Jacobian}, gradient penalties, {@link io.gradstream.autodiff.transform.ConjugateGradients}.
 *   <li>Where there is no slope: {@link io.gradstream.autodiff.transform.StraightThrough}, {@link
 *       io.gradstream.autodiff.transform.FakeQuantization}, {@link io.gradstream.autodiff.transform.ScoreFunction}, {@link
 *       io.gradstream.autodiff.transform.Gumbel}; and where it is wanted otherwise: {@link io.gradstream.autodiff.transform.Reweighted}.
 *   <li>Of a solution without its solver: {@link io.gradstream.autodiff.transform.Implicit}.
 *   <li>Memory: {@link io.gradstream.autodiff.transform.Saved} says what backward keeps, {@link
 *       io.gradstream.autodiff.transform.Checkpoint} what it computes again instead.
 *   <li>{@link io.gradstream.autodiff.transform.MixedPrecision}: a copy of a tape with half-precision products.
 * </ul>
 *
 * <p>An operation without a rule on the way throws when the gradient is recorded, and so does a value that no gradient reaches; the message
 * says where the way is cut.
 */
@NullMarked
package io.gradstream.autodiff.transform;

import org.jspecify.annotations.NullMarked;
