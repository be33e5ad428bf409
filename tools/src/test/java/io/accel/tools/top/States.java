package io.accel.tools.top;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.accel.core.counters.CaptureFiles;
import io.accel.tools.state.ProcessState;

/** States as processes tell them. */
final class States {
    private States() {
    }

    /** @param sockets comma-separated objects of {@link #socket} */
    static ProcessState process(long pid, long written, long age, boolean alive, String sockets) {
        return process(pid, 7, written, age, alive, sockets);
    }

    static ProcessState process(long pid, long started, long written, long age, boolean alive, String sockets) {
        try {
            return new ProcessState(new ObjectMapper().readTree("""
                {"format":1,"written":%d,"process":{"pid":%d,"started":%d,"command":"com.example.Main --port=9 %d"},
                 "interfaces":[{"name":"lo","datapath":"shm","open":true,"received":%d,"sent":0,"drops":{"PEER_GONE":4}},
                  {"name":"eth1","datapath":"afxdp","open":true,"usable":true,"received":0,"sent":0,
                   "drops":{"BAD_CHECKSUM":%d,"RX_BAD_CRC":%d,"NIC_DISCARD":%d}},
                  {"name":"eth2","datapath":"efvi","open":false,"reason":"NO_DRIVER"}],
                 "messages":{},
                 "sockets":[%s],"closed":{"sockets":0}}""".formatted(written, pid, started, pid, written, written / 1000,
                written / 500, written / 500, sockets)), 0, alive, age,
                new CaptureFiles("counters of " + pid, "no ring of " + pid));
        } catch (final JsonProcessingException e) {
            throw new AssertionError(sockets, e);
        }
    }

    static String socket(String local, long fast, long kernel, long drops, long queued) {
        return """
            {"local":"%s","remote":null,"accelerated":true,"reason":null,"fastReceived":%d,"fastSent":%d,"kernelReceived":%d,"kernelSent":0,
             "reasons":{"FIREWALL":%d,"NO_ROUTE":1},"drops":{"QUEUE_FULL":%d},"queued":%d,"receiveBuffer":1000,"groups":[],
             "destinations":[]}""".formatted(local, fast, 2 * fast, kernel, kernel, drops, queued);
    }
}
