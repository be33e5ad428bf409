package io.accel.core.efvi;

/** 7000 series: EF10 with PIO. */
class Ef10PioTest extends EfviContract {
    @Override
    String nic() {
        return "7000";
    }

    @Override
    protected String mode() {
        return "ef10 pio";
    }
}
