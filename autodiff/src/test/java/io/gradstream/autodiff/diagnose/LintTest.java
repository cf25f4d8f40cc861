package io.gradstream.autodiff.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.LossScaling;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.StraightThrough;
import io.gradstream.autodiff.transform.UnreachedException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintTest {

    private final Tape tape = Tape.recording();
    private final Tensor x = tape.input("x", Literal.wave(8, 3));
    private final Tensor weight = tape.parameter("weight", Literal.ripple(4, 3));
    private final Tensor bias = tape.parameter("bias", Literal.ripple(4));
    private final Tensor out = tape.parameter("out", Literal.ripple(1, 4));

    @Test
    void findsNothingInASoundNetwork() {
        Tensor loss = network(weight, out);

        assertThat(Lint.of(tape, loss, List.of(weight, bias, out))).isEmpty();
    }

    @Test
    void namesAParameterThatHasNoPartInTheLoss() {
        Tensor lonely = tape.parameter("lonely", Literal.of(1, 2));
        Tensor loss = network(weight, out);

        Finding finding = only(Lint.of(tape, loss, List.of(weight, lonely)));

        assertThat(finding.rule()).isEqualTo(Rule.UNREACHED_PARAMETER);
        assertThat(finding)
                .asString()
                .matches(
                        "a parameter must have a part in the loss, or be frozen: node=%\\d+ Parameter\\(lonely\\) F32\\[2] "
                                + "\\(LintTest\\.java:\\d+\\)");
    }

    @Test
    void namesWhereAParameterWasDetached() {
        Tensor hidden = x.linear(weight, bias);
        Tensor detached = hidden.stopGradient();
        Tensor loss = detached.tanh().matmul(false, out, true).square().mean();

        List<Finding> findings = Lint.of(tape, loss, List.of(weight, bias, out));

        assertThat(findings).hasSize(2).allMatch(finding -> finding.rule() == Rule.DETACHED_PARAMETER);
        assertThat(findings.get(0).about()).isSameAs(weight);
        assertThat(findings.get(0).because()).containsExactly(detached);
        assertThatThrownBy(() -> Gradient.of(tape, loss, List.of(weight)))
                .isInstanceOf(UnreachedException.class)
                .hasMessageContaining("cut at=[" + detached.describe() + "]");
    }

    @Test
    void namesAFlatOperationAndWhatWasRecordedUntracked() {
        Tensor flat = x.linear(weight, bias).round();
        Tensor untracked = tape.untracked(() -> flat.square().multiply(out.sum()));
        Tensor loss = flat.add(untracked).mean();

        List<Finding> findings = Lint.of(tape, loss, List.of(weight, out));

        assertThat(findings.get(0).because()).contains(flat).hasSize(2);
        assertThat(findings.get(1).because()).containsExactly(untracked);
    }

    @Test
    void letsAStraightThroughEstimatorPass() {
        Tensor loss = StraightThrough.round(x.linear(weight, bias)).mean();

        assertThat(Lint.of(tape, loss, List.of(weight, bias))).isEmpty();
    }

    @Test
    void doesNotBlameTheOtherOperandOfACut() {
        Tensor ids = tape.input("ids", Literal.ids(0, 2));
        Tensor table = tape.parameter("table", Literal.wave(3, 2));
        Tensor detached = table.stopGradient();
        Tensor loss = detached.embedding(ids).sum();

        assertThat(only(Lint.of(tape, loss, List.of(table))).because()).containsExactly(detached);
    }

    @Test
    void namesProbabilitiesThatALossTakesForLogits() {
        Tensor probabilities = x.softmax();
        Tensor softmax = probabilities.softmaxCrossEntropy(tape.input("classes", Literal.ids(0, 1, 2, 0, 1, 2, 0, 1)));
        Tensor sigmoid = x.sum(1).sigmoid();
        Tensor binary =
                sigmoid.reshape(8, 1).reshape(8).sigmoidCrossEntropy(tape.input("targets", Literal.fraction(8)));

        List<Finding> findings = Lint.of(tape, softmax.mean().add(binary.mean()), List.of());

        assertThat(findings).extracting(Finding::rule).containsOnly(Rule.NORMALIZED_LOGITS);
        assertThat(findings).extracting(Finding::about).containsExactly(softmax, binary);
        assertThat(findings).extracting(finding -> finding.because().get(0)).containsExactly(probabilities, sigmoid);
    }

    @Test
    void namesBothLayersOfASymmetricNetwork() {
        Tensor zeros = zeros("zeros", 4, 3);
        Tensor zerosOut = zeros("zeros out", 1, 4);
        Tensor flatBias = zeros("flat bias", 4);
        Tensor loss = x.linear(zeros, flatBias)
                .tanh()
                .multiply(2)
                .matmul(false, zerosOut, true)
                .mean();

        Finding finding = only(Lint.of(tape, loss, List.of(zeros, flatBias, zerosOut)));

        assertThat(finding.rule()).isEqualTo(Rule.SYMMETRIC_UNITS);
        assertThat(finding.about()).isSameAs(zeros);
        assertThat(finding.because()).containsExactly(zerosOut);
    }

    @Test
    void letsZerosPassWhereOneSideTellsTheUnitsApart() {
        Tensor zeros = zeros("zeros", 4, 3);
        Tensor zerosOut = zeros("zeros out", 1, 4);

        assertThat(Lint.of(tape, network(zeros, out), List.of(zeros, bias, out)))
                .isEmpty();
        assertThat(Lint.of(tape, network(weight, zerosOut), List.of(weight, bias, zerosOut)))
                .isEmpty();
        assertThat(Lint.of(tape, network(zeros, zerosOut), List.of(zeros, bias, zerosOut)))
                .isEmpty();
    }

    @Test
    void namesAClipThatComesAfterTheOptimizer() {
        Tensor control = tape.input("control", Control.block());
        Tensor gradients = tape.input("gradients", TensorType.of(DType.F32, 64));
        Tensor update = update(gradients, control);
        Tensor clip = clip(control, gradients);

        Finding finding = only(Lint.ofStep(tape));

        assertThat(finding.rule()).isEqualTo(Rule.CLIP_AFTER_STEP);
        assertThat(finding.about()).isSameAs(clip);
        assertThat(finding.because()).containsExactly(update);
    }

    @Test
    void namesGradientsThatNobodySetsToZero() {
        Tensor control = tape.input("control", Control.block());
        Tensor gradients =
                tape.input("gradients", TensorType.of(DType.F32, 64)).accumulate(tape.input("more", Literal.wave(64)));
        update(gradients, clip(control, gradients));

        Finding finding = only(Lint.ofStep(tape));
        gradients.fill(0);

        assertThat(finding.rule()).isEqualTo(Rule.MISSING_ZERO);
        assertThat(finding.about()).isSameAs(gradients);
        assertThat(Lint.ofStep(tape)).isEmpty();
    }

    @Test
    void namesMicroBatchesWhoseMeansAreNotDividedByTheirNumber() {
        Tensor errors = x.linear(weight, bias).tanh().matmul(false, out, true).square();
        Tensor penalty = weight.square().mean().multiply(0.01);
        Tensor loss = errors.mean().add(penalty);

        Finding finding = only(Lint.ofMicroBatches(Collections.nCopies(4, loss)));

        assertThat(finding.rule()).isEqualTo(Rule.UNSCALED_ACCUMULATION);
        assertThat(finding.about()).isSameAs(loss);
        assertThat(finding.because()).allMatch(sum -> sum.op() instanceof Sum);
        assertThat(finding)
                .asString()
                .matches(
                        "the mean loss of a micro-batch must be divided by the micro-batches of a step: node=%\\d+ Add F32\\[scalar] "
                                + "\\(LintTest\\.java:\\d+\\) microBatches=4 weight=1 expected=1/4 because of=%\\d+ Sum.*");
    }

    @Test
    void letsMicroBatchesPassThatAreOneMeanTogether() {
        Tensor errors = x.linear(weight, bias).tanh().matmul(false, out, true).square();

        assertThat(Lint.ofMicroBatches(List.of(errors.mean()))).isEmpty();
        assertThat(Lint.ofMicroBatches(Collections.nCopies(4, errors.mean().divide(4))))
                .isEmpty();
        assertThat(Lint.ofMicroBatches(Collections.nCopies(4, errors.sum().multiply(1.0 / 32))))
                .isEmpty();
        assertThat(Lint.ofMicroBatches(Collections.nCopies(2, errors.sum()))).isEmpty();
    }

    @Test
    void namesOnlyTheLossThatIsNotDivided() {
        Tensor errors = x.linear(weight, bias).square();
        Tensor divided = errors.mean().multiply(0.5);
        Tensor whole = errors.reshape(32).mean();

        assertThat(only(Lint.ofMicroBatches(List.of(divided, whole))).about()).isSameAs(whole);
    }

    private Tensor clip(Tensor control, Tensor gradients) {
        Tensor health = gradients.apply(new GradientHealth(Segments.of(new Segment(0, 64))));
        return control.apply(new ScaleAndClip(LossScaling.FIXED, 1, 1), health);
    }

    private Tensor update(Tensor gradients, Tensor control) {
        return tape.parameter("parameters", TensorType.of(DType.F32, 64))
                .apply(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0.01, true, Segments.of(new Segment(0, 64))),
                        gradients,
                        tape.input("m", TensorType.of(DType.F32, 64)),
                        tape.input("v", TensorType.of(DType.F32, 64)),
                        control,
                        tape.input("statistics", OptimizerUpdate.block(1)));
    }

    private Tensor zeros(String name, int... dims) {
        TensorType type = TensorType.of(DType.F32, dims);
        return tape.parameter(
                name, new Literal(type, new double[(int) type.shape().size()]));
    }

    private Tensor network(Tensor first, Tensor last) {
        return x.linear(first, bias).tanh().matmul(false, last, true).square().mean();
    }

    private static Finding only(List<Finding> findings) {
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }
}
