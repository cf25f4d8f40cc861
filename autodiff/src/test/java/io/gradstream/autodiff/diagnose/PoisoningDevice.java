package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Kernel;
import java.util.List;

/** A device on which one kernel always gives a NaN in its first element. */
final class PoisoningDevice extends ForwardingDevice {
    private final Kernel poisoned;

    PoisoningDevice(Device device, Kernel poisoned) {
        super(device);
        this.poisoned = poisoned;
    }

    @Override
    public Program compile(List<Call> calls) {
        return new Poisoned(
                calls, calls.stream().map(call -> device.compile(List.of(call))).toList());
    }

    private final class Poisoned implements Program {

        private final List<Call> calls;
        private final List<Program> programs;

        Poisoned(List<Call> calls, List<Program> programs) {
            this.calls = calls;
            this.programs = programs;
        }

        @Override
        public void run() {
            for (int i = 0; i < programs.size(); i++) {
                programs.get(i).run();
                if (calls.get(i).kernel().equals(poisoned)) {
                    poison(calls.get(i).output());
                }
            }
        }

        @Override
        public void run(long[] nanos) {
            run();
        }

        @Override
        public long workspaceBytes() {
            return programs.stream().mapToLong(Program::workspaceBytes).sum();
        }

        @Override
        public void close() {
            programs.forEach(Program::close);
        }
    }

    private void poison(Buffer buffer) {
        double[] values = Transfer.read(device, buffer);
        values[0] = Double.NaN;
        Transfer.write(device, buffer, values);
    }

    @Override
    public String name() {
        return "poisoning";
    }
}
