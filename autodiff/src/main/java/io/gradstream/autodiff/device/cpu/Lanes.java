package io.gradstream.autodiff.device.cpu;

/** The lanes of a vector, stored, as one number: in four chains that do not wait for each other, always in the same order. */
final class Lanes {
    private Lanes() {}

    static double sum(float[] lanes) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < lanes.length; i += 4) {
            sum0 += lanes[i];
            sum1 += lanes[i + 1];
            sum2 += lanes[i + 2];
            sum3 += lanes[i + 3];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    static float max(float[] lanes) {
        float max0 = lanes[0];
        float max1 = lanes[1];
        float max2 = lanes[2];
        float max3 = lanes[3];
        for (int i = 4; i < lanes.length; i += 4) {
            max0 = Math.max(max0, lanes[i]);
            max1 = Math.max(max1, lanes[i + 1]);
            max2 = Math.max(max2, lanes[i + 2]);
            max3 = Math.max(max3, lanes[i + 3]);
        }
        return Math.max(Math.max(max0, max1), Math.max(max2, max3));
    }
}
