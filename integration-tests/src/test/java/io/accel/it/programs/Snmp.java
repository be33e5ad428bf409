package io.accel.it.programs;

import java.io.IOException;
import java.util.Random;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.CommunityTarget;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * SNMP4J at both ends: {@code agent ADDRESS/PORT} answers each SET with the value turned round, until it is told to end;
 * {@code manager ADDRESS/PORT COUNT BYTES} sends so many, one at a time, and checks the answers.
 */
public final class Snmp {
    private static final OID PLACE = new OID("1.3.6.1.4.1.99999.1");
    private static final int TIMEOUT_MILLIS = 2_000;

    private Snmp() {
    }

    public static void main(String[] arguments) throws IOException {
        final UdpAddress address = new UdpAddress(arguments[1]);
        if (arguments[0].equals("agent")) {
            answer(address);
        } else {
            ask(address, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        }
    }

    private static void answer(UdpAddress at) throws IOException {
        try (org.snmp4j.Snmp snmp = new org.snmp4j.Snmp(new DefaultUdpTransportMapping(at))) {
            snmp.addCommandResponder(new CommandResponder() {
                @Override
                public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
                    reply(event);
                }
            });
            snmp.listen();
            System.out.println("listening");
            System.in.read();
        }
    }

    private static <A extends Address> void reply(CommandResponderEvent<A> event) {
        final PDU pdu = event.getPDU();
        final byte[] value = ((OctetString) pdu.get(0).getVariable()).getValue();
        pdu.set(0, new VariableBinding(pdu.get(0).getOid(), new OctetString(turned(value))));
        pdu.setType(PDU.RESPONSE);
        event.setProcessed(true);
        try {
            event.getMessageDispatcher().returnResponsePdu(event.getMessageProcessingModel(), event.getSecurityModel(),
                event.getSecurityName(), event.getSecurityLevel(), pdu, event.getMaxSizeResponsePDU(), event.getStateReference(),
                new StatusInformation());
        } catch (final MessageException e) {
            throw new AssertionError("an answer", e);
        }
    }

    private static void ask(UdpAddress of, int count, int length) throws IOException {
        final CommunityTarget<UdpAddress> target = new CommunityTarget<>(of, new OctetString("public"));
        target.setVersion(SnmpConstants.version2c);
        target.setTimeout(TIMEOUT_MILLIS);
        target.setRetries(2);
        final Random random = new Random(11);
        try (org.snmp4j.Snmp snmp = new org.snmp4j.Snmp(new DefaultUdpTransportMapping())) {
            snmp.listen();
            for (int i = 0; i < count; i++) {
                final byte[] value = new byte[length];
                random.nextBytes(value);
                final PDU pdu = new PDU(PDU.SET, java.util.List.of(new VariableBinding(PLACE, new OctetString(value))));
                final ResponseEvent<UdpAddress> answer = snmp.send(pdu, target);
                if (answer.getResponse() == null
                    || !new OctetString(turned(value)).equals(answer.getResponse().get(0).getVariable())) {
                    throw new IOException("request " + i + " was answered with " + answer.getResponse());
                }
            }
        }
        System.out.println("answered " + count);
    }

    private static byte[] turned(byte[] value) {
        final byte[] turned = new byte[value.length];
        for (int i = 0; i < value.length; i++) {
            turned[i] = value[value.length - 1 - i];
        }
        return turned;
    }
}
