package io.gradstream.pipeline.demo;

/**
 * Some clicks in a row, with what became of them.
 *
 * @param bestLosses the log-loss of each under its true probability: what a model that knows the truth would score
 */
@SuppressWarnings("ArrayRecordComponent") // lives between its maker and the next line
record Clicks(Click[] clicks, boolean[] clicked, double[] bestLosses) {
    int size() {
        return clicks.length;
    }
}
