package io.gradstream.pipeline.trainer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.gradstream.autodiff.device.Device;
import io.gradstream.config.ConfigurationException;
import io.gradstream.config.DeviceChoice;
import io.gradstream.config.Precision;
import org.slf4j.LoggerFactory;

/** A program that opens the devices it is told and prints what they are called, or what is wrong with them, and what is logged. */
final class OpenDevice {
    private OpenDevice() {}

    public static void main(String[] choices) {
        AppenderBase<ILoggingEvent> printer = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                System.out.println(event.getFormattedMessage());
            }
        };
        printer.start();
        ((Logger) LoggerFactory.getLogger(Devices.class)).addAppender(printer);
        for (String choice : choices) {
            try (Device device = Devices.open(DeviceChoice.parse(choice), 1, Precision.FP32)) {
                System.out.println(choice + " is " + device.name());
            } catch (ConfigurationException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
