package io.gradstream.autodiff.check;

/**
 * A derivative that a rule and central differences disagree on.
 *
 * @param op the operation that gives the function's result, with its source line
 * @param input which input the derivative is by
 * @param index which element of that input
 * @param rule what the derivative rules say
 * @param difference what central differences say
 */
public record Mismatch(String op, int input, int index, double rule, double difference) {

    @Override
    public String toString() {
        return "derivative must match central differences: op=" + op + " input=" + input + " index=" + index + " rule="
                + rule + " difference=" + difference;
    }
}
