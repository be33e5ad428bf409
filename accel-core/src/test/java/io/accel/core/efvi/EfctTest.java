package io.accel.core.efvi;

/** X3: EFCT, which lends packets and sends by CTPIO only. */
class EfctTest extends EfviContract {
    @Override
    String nic() {
        return "x3";
    }

    @Override
    protected String mode() {
        return "efct ctpio";
    }
}
