package io.gradstream.autodiff.step;

import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Device;

/** A device that says that its programs are slow to start. */
final class SlowlyStarting extends ForwardingDevice {
    SlowlyStarting(Device device) {
        super(device);
    }

    @Override
    public boolean startsSlowly() {
        return true;
    }
}
