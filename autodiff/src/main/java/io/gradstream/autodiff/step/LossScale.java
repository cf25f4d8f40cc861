package io.gradstream.autodiff.step;

/** The dynamic loss scale of FP16 training, as torch.amp.GradScaler keeps it, but never below 1. */
public record LossScale(double initial, double growth, double backoff, int interval) {
    public LossScale {
        if (!(initial >= 1) || !(growth > 1) || !(backoff > 0 && backoff < 1) || interval < 1) {
            throw new IllegalArgumentException(
                    "loss scale must have initial>=1, growth>1, 0<backoff<1, interval>=1: initial=" + initial
                            + " growth=" + growth + " backoff=" + backoff + " interval=" + interval);
        }
    }

    public static LossScale usual() {
        return new LossScale(65536, 2, 0.5, 2000);
    }
}
