package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Closes the accumulation of a step on the control block: finds the factor of its gradients, decides whether it is taken,
 * and moves the loss scale. Operands: control block, the {@link GradientHealth} of the gradients. In double, in this order:
 *
 * <pre>
 * STEP_WEIGHT = TOTAL_WEIGHT    STEP_LOSS = TOTAL_LOSS / TOTAL_WEIGHT    STEP_SCALE = LOSS_SCALE
 * TOTAL_WEIGHT = 0              TOTAL_LOSS = 0
 * UNSCALE = divisor / (STEP_WEIGHT·STEP_SCALE)
 * SQUARED_NORM = UNSCALE²·Σ health[·, SQUARED_NORM]
 * coefficient = min(1, maxNorm / (√SQUARED_NORM + 1e-6))
 * FOUND_INF = 1 if any health[·, NON_FINITE] is 1, or STEP_LOSS is not finite, or coefficient²·SQUARED_NORM is not a finite F32, else 0
 * if FOUND_INF:
 *     CLIP_COEFFICIENT = 1      GRADIENT_FACTOR = 0    SKIPPED_STEPS += 1
 *     LOSS_SCALE = max(1, LOSS_SCALE·backoff)          GROWTH_TRACKER = 0
 * else:
 *     CLIP_COEFFICIENT = coefficient
 *     GRADIENT_FACTOR = UNSCALE·CLIP_COEFFICIENT       STEP_COUNT += 1
 *     GROWTH_TRACKER += 1
 *     if GROWTH_TRACKER = interval:
 *         LOSS_SCALE = LOSS_SCALE·growth unless that is not a finite F32    GROWTH_TRACKER = 0
 * </pre>
 *
 * @param maxNorm the largest global norm that is not clipped; infinite to measure only
 * @param divisor what the weighted losses were divided by before backward: micro-batch rows times micro-batches per step
 */
public record ScaleAndClip(LossScaling scaling, double maxNorm, double divisor) implements InPlace {

    /** What {@code torch.nn.utils.clip_grad_norm_} adds to the norm. */
    public static final double CLIP_EPSILON = 1e-6;

    public ScaleAndClip {
        if (!(maxNorm > 0) || !(divisor > 0)) {
            throw new IllegalArgumentException(
                    "norm and divisor must be positive: maxNorm=" + maxNorm + " divisor=" + divisor);
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.type(this, "control block", inputs.get(0), Control.block());
        TensorType health = inputs.get(1);
        Rules.rank(this, health, 2);
        Rules.type(this, "health", health, GradientHealth.block(health.shape().dim(0)));
        return Control.block();
    }

    /** The whole operation on plain arrays: scalar work that every host device does in the same way. */
    public void apply(double[] control, double[] health) {
        double weight = control[Control.TOTAL_WEIGHT.slot()];
        double scale = control[Control.LOSS_SCALE.slot()];
        control[Control.STEP_WEIGHT.slot()] = weight;
        control[Control.STEP_LOSS.slot()] = control[Control.TOTAL_LOSS.slot()] / weight;
        control[Control.STEP_SCALE.slot()] = scale;
        control[Control.TOTAL_WEIGHT.slot()] = 0;
        control[Control.TOTAL_LOSS.slot()] = 0;

        double unscale = divisor / (weight * scale);
        double sum = 0;
        boolean finite = Double.isFinite(control[Control.STEP_LOSS.slot()]);
        for (int row = 0; row < health.length; row += GradientHealth.COLUMNS) {
            sum += health[row + GradientHealth.Column.SQUARED_NORM.index()];
            finite &= health[row + GradientHealth.Column.NON_FINITE.index()] == 0;
        }
        double squaredNorm = unscale * unscale * sum;
        double coefficient = Math.min(1, maxNorm / (Math.sqrt(squaredNorm) + CLIP_EPSILON));
        finite &= coefficient * coefficient * squaredNorm <= Float.MAX_VALUE;
        control[Control.UNSCALE.slot()] = unscale;
        control[Control.SQUARED_NORM.slot()] = squaredNorm;
        control[Control.FOUND_INF.slot()] = finite ? 0 : 1;
        if (finite) {
            take(control, unscale, coefficient);
        } else {
            skip(control);
        }
    }

    private void take(double[] control, double unscale, double coefficient) {
        control[Control.CLIP_COEFFICIENT.slot()] = coefficient;
        control[Control.GRADIENT_FACTOR.slot()] = unscale * coefficient;
        control[Control.STEP_COUNT.slot()]++;
        control[Control.GROWTH_TRACKER.slot()]++;
        if (control[Control.GROWTH_TRACKER.slot()] == scaling.interval()) {
            double grown = control[Control.LOSS_SCALE.slot()] * scaling.growth();
            if (Float.isFinite((float) grown)) {
                control[Control.LOSS_SCALE.slot()] = grown;
            }
            control[Control.GROWTH_TRACKER.slot()] = 0;
        }
    }

    private void skip(double[] control) {
        control[Control.CLIP_COEFFICIENT.slot()] = 1;
        control[Control.GRADIENT_FACTOR.slot()] = 0;
        control[Control.SKIPPED_STEPS.slot()]++;
        control[Control.LOSS_SCALE.slot()] = Math.max(1, control[Control.LOSS_SCALE.slot()] * scaling.backoff());
        control[Control.GROWTH_TRACKER.slot()] = 0;
    }

    public static List<Sample> samples() {
        LossScaling dynamic = new LossScaling(2, 0.5, 3);
        return List.of(
                Sample.of(new ScaleAndClip(dynamic, 1, 32), ControlSample.block(), health(4, 0, 9, 0)),
                Sample.of(new ScaleAndClip(dynamic, 1e9, 32), ControlSample.block(), health(4, 0, 9, 0)),
                Sample.of(
                        new ScaleAndClip(LossScaling.FIXED, Double.POSITIVE_INFINITY, 8),
                        ControlSample.block(),
                        health(0.25, 0)),
                Sample.of(new ScaleAndClip(dynamic, 1, 32), ControlSample.block(), health(4, 0, Double.NaN, 1)),
                Sample.of(new ScaleAndClip(dynamic, 1e30, 32), ControlSample.block(), health(4, 0, 1e60, 0)),
                Sample.of(
                        new ScaleAndClip(dynamic, 1, 32),
                        ControlSample.with(Control.TOTAL_LOSS, Double.POSITIVE_INFINITY),
                        health(4, 0, 9, 0)));
    }

    private static Literal health(double... values) {
        return new Literal(GradientHealth.block(values.length / GradientHealth.COLUMNS), values);
    }
}
