/**
 * The operations: one sealed record per file with its shape rule, its derivative rules and the samples that prove them.
 *
 * <p>An operation is a leaf, a view (a value under another shape or other rules, free of cost) or a kernel, which a device computes. Rules
 * are written in operations, by an {@link io.gradstream.autodiff.op.Emitter}, never on arrays: that is why derivatives have derivatives.
 * Elementwise operations state a scalar function and its slope, and have both rules from it. {@link io.gradstream.autodiff.op.CustomRule}
 * puts rules of a user's own on a value that is computed in any way.
 *
 * <p>Where a function has a kink, its derivative is a subgradient, and always this one:
 *
 * <table>
 * <caption>Derivatives at kinks</caption>
 * <tr><th>function</th><th>at</th><th>derivative</th></tr>
 * <tr><td>relu, abs</td><td>0</td><td>0</td></tr>
 * <tr><td>leakyRelu, elu</td><td>0</td><td>that of the left side</td></tr>
 * <tr><td>clamp</td><td>a bound</td><td>1</td></tr>
 * <tr><td>maximum, minimum of two</td><td>a tie</td><td>one half each</td></tr>
 * <tr><td>max over axes</td><td>ties</td><td>shared equally among them</td></tr>
 * <tr><td>sign, round, comparisons</td><td>everywhere</td><td>0</td></tr>
 * </table>
 */
@NullMarked
package io.gradstream.autodiff.op;

import org.jspecify.annotations.NullMarked;
