package io.accel.core.fault;

/**
 * How often each fault happens, as probabilities from 0 to 1 per frame, decided one by one in this order.
 *
 * @param loss      the frame never arrives
 * @param corrupt   one bit is flipped
 * @param truncate  the end is missing, up to everything
 * @param duplicate the frame arrives twice
 * @param reorder   up to four later frames overtake it; when none come, the next idle poll delivers it
 * @param refuse    a claim is refused, as by a full TX ring
 */
public record FaultRates(double loss, double corrupt, double truncate, double duplicate, double reorder, double refuse) {
    public static final FaultRates NONE = new FaultRates(0, 0, 0, 0, 0, 0);

    public FaultRates {
        for (final double rate : new double[] {loss, corrupt, truncate, duplicate, reorder, refuse}) {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("a rate is from 0 to 1, not " + rate);
            }
        }
    }

    public FaultRates withLoss(double rate) {
        return new FaultRates(rate, corrupt, truncate, duplicate, reorder, refuse);
    }

    public FaultRates withCorrupt(double rate) {
        return new FaultRates(loss, rate, truncate, duplicate, reorder, refuse);
    }

    public FaultRates withTruncate(double rate) {
        return new FaultRates(loss, corrupt, rate, duplicate, reorder, refuse);
    }

    public FaultRates withDuplicate(double rate) {
        return new FaultRates(loss, corrupt, truncate, rate, reorder, refuse);
    }

    public FaultRates withReorder(double rate) {
        return new FaultRates(loss, corrupt, truncate, duplicate, rate, refuse);
    }

    public FaultRates withRefuse(double rate) {
        return new FaultRates(loss, corrupt, truncate, duplicate, reorder, rate);
    }
}
