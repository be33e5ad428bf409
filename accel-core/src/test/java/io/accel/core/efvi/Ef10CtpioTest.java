package io.accel.core.efvi;

/** X2: EF10 with CTPIO. */
class Ef10CtpioTest extends EfviContract {
    @Override
    String nic() {
        return "x2";
    }

    @Override
    protected String mode() {
        return "ef10 ctpio";
    }
}
