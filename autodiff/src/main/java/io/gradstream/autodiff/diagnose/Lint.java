package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.View;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Mistakes that a tape shows before it has run: each is a finding, and what to make of it is for the caller to decide. */
public final class Lint {

    private Lint() {}

    /** What is wrong with a loss and its parameters, where parameters know their initial numbers. */
    public static List<Finding> of(Tape tape, Tensor loss, List<Tensor> parameters) {
        return of(
                tape,
                loss,
                parameters,
                parameter -> Optional.ofNullable(parameter.content()).map(Literal::values));
    }

    /** The same with numbers of parameters that live elsewhere; only those of matrices and biases are asked for. */
    public static List<Finding> of(
            Tape tape, Tensor loss, List<Tensor> parameters, Function<Tensor, Optional<double[]>> numbers) {
        List<Finding> findings = new ArrayList<>();
        Flow flow = Flow.from(loss);
        for (Tensor parameter : parameters) {
            if (!flow.uses(parameter)) {
                findings.add(new Finding(Rule.UNREACHED_PARAMETER, parameter, List.of()));
            } else if (!flow.reaches(parameter)) {
                findings.add(new Finding(Rule.DETACHED_PARAMETER, parameter, flow.cuts(parameter)));
            }
        }
        for (Tensor node : tape.nodes().subList(0, loss.id() + 1)) {
            normalizedLogits(node).ifPresent(findings::add);
        }
        findings.addAll(new Symmetry(tape, parameters, numbers).findings());
        return findings;
    }

    /** What is wrong with the order of a recorded step: accumulate, scale and clip, update, zero. */
    public static List<Finding> ofStep(Tape tape) {
        List<Finding> findings = new ArrayList<>();
        for (Tensor update : tape.nodes()) {
            if (update.op() instanceof OptimizerUpdate) {
                tape.nodes().stream()
                        .filter(clip -> clip.op() instanceof ScaleAndClip && isLaterOfSameMemory(clip, update))
                        .findFirst()
                        .ifPresent(clip -> findings.add(new Finding(Rule.CLIP_AFTER_STEP, clip, List.of(update))));
                update.inputs().stream()
                        .filter(operand -> isAccumulated(tape, operand) && !isZeroed(tape, operand))
                        .findFirst()
                        .ifPresent(
                                gradients -> findings.add(new Finding(Rule.MISSING_ZERO, gradients, List.of(update))));
            }
        }
        return findings;
    }

    /**
     * What is wrong with the losses whose gradients are added up to one step: together they must be one mean. A tape that is replayed for
     * every micro-batch has one loss, which is listed as often as it is replayed.
     */
    public static List<Finding> ofMicroBatches(List<Tensor> losses) {
        int count = losses.size();
        if (count < 2) {
            return List.of();
        }
        return losses.stream()
                .distinct()
                .flatMap(loss -> Mean.undivided(loss).stream()
                        .map(mean -> new Finding(
                                Rule.UNSCALED_ACCUMULATION,
                                loss,
                                List.of(mean),
                                "microBatches=" + count + " weight=1 expected=1/" + count)))
                .toList();
    }

    private static Optional<Finding> normalizedLogits(Tensor loss) {
        boolean wantsLogits = loss.op() instanceof SigmoidCrossEntropy || loss.op() instanceof SoftmaxCrossEntropy;
        if (!wantsLogits) {
            return Optional.empty();
        }
        Tensor logits = loss.inputs().get(0);
        while (logits.op() instanceof View || logits.op() instanceof Cast) {
            logits = logits.op() instanceof View view
                    ? logits.inputs().get(view.source(logits.inputs()))
                    : logits.inputs().get(0);
        }
        return logits.op() instanceof Softmax || logits.op() instanceof Sigmoid
                ? Optional.of(new Finding(Rule.NORMALIZED_LOGITS, loss, List.of(logits)))
                : Optional.empty();
    }

    private static boolean isLaterOfSameMemory(Tensor clip, Tensor update) {
        return clip.id() > update.id()
                && update.inputs().stream().anyMatch(operand -> operand.storage() == clip.storage());
    }

    private static boolean isAccumulated(Tape tape, Tensor gradients) {
        return tape.nodes().stream()
                .anyMatch(node -> node.storage() == gradients.storage() && node.op() instanceof Accumulate);
    }

    private static boolean isZeroed(Tape tape, Tensor gradients) {
        return tape.nodes().stream()
                .anyMatch(node ->
                        node.storage() == gradients.storage() && node.op() instanceof Fill fill && fill.value() == 0);
    }
}
