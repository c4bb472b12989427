package io.vec2text.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @ParameterizedTest
  @CsvSource({"auto,auto", "CPU,cpu", "cuda,cuda:0", "cuda:0,cuda:0", "' Cuda:13 ',cuda:13"})
  void readsDevices(String text, String device) {
    assertThat(Device.parse(text)).hasToString(device).isEqualTo(Device.parse(device));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:99999", "cpu:0", "auto cpu"})
  void refusesWhatIsNoDevice(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Device.parse(text))
        .withMessageContaining("auto, cpu, cuda or cuda:N")
        .withMessageContaining(text);
  }

  @Test
  void onlyCudaDevicesHaveAnIndex() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Device(Device.Kind.CPU, 1))
        .withMessageContaining("CPU has 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Device.cuda(-1))
        .withMessageContaining("was -1");
  }

  @Test
  void autoTakesCudaIfItWorks() {
    DeviceChoice choice = DeviceChoice.of(Device.AUTO, index -> Optional.empty());

    assertThat(choice.device()).isEqualTo(Device.cuda(0));
    assertThat(choice.fallbackReason()).isEmpty();
    assertThat(choice).hasToString("cuda:0");
  }

  @Test
  void autoFallsBackToTheCpuAndSaysWhy() {
    DeviceChoice choice = DeviceChoice.of(Device.AUTO, index -> Optional.of("no driver"));

    assertThat(choice.device()).isEqualTo(Device.CPU);
    assertThat(choice.fallbackReason()).contains("no driver");
    assertThat(choice).hasToString("cpu (no CUDA: no driver)");
  }

  @Test
  void anExplicitCudaDeviceThatDoesNotWorkIsAnError() {
    assertThatExceptionOfType(DeviceException.class)
        .isThrownBy(
            () -> DeviceChoice.of(Device.cuda(3), index -> Optional.of("no device " + index)))
        .withMessage("can't use cuda:3: no device 3");
  }

  @Test
  void theCpuIsNotAskedAboutCuda() {
    DeviceChoice choice =
        DeviceChoice.of(
            Device.CPU,
            index -> {
              throw new AssertionError("CUDA was tried");
            });

    assertThat(choice).isEqualTo(new DeviceChoice(Device.CPU, Optional.empty()));
  }

  @Test
  void autoWorksOnThisMachineInAnyCase() {
    DeviceChoice choice = DeviceChoice.of(Device.AUTO);

    if (choice.device().equals(Device.CPU)) {
      assertThat(choice.fallbackReason().orElseThrow()).isNotBlank().doesNotContain("\n");
      assertThatExceptionOfType(DeviceException.class)
          .isThrownBy(() -> DeviceChoice.of(Device.cuda(0)))
          .withMessageContaining(choice.fallbackReason().orElseThrow());
    } else {
      assertThat(choice).isEqualTo(new DeviceChoice(Device.cuda(0), Optional.empty()));
    }
  }
}
