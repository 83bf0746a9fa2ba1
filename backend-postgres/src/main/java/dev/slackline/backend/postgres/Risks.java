package dev.slackline.backend.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Settings of the server that endanger messages, told at the start. */
final class Risks {

    private static final String OFF = "off";

    private Risks() {}

    /** What somebody should change, one sentence each. */
    static List<String> of(Connection connection) throws SQLException {
        List<String> risks = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_setting('synchronous_commit'),"
                                + " current_setting('fsync'), current_setting('full_page_writes'), current_setting('autovacuum')")) {
            row.next();
            if (row.getString(1).equals(OFF)) {
                risks.add(
                        "synchronous_commit is off: a crash of the server loses messages that were confirmed in the"
                                + " moments before; set it to on, for this user at least (ALTER ROLE … SET synchronous_commit = on)");
            }
            if (row.getString(2).equals(OFF)) {
                risks.add("fsync is off: a power cut or a crash of the system may lose everything; set it to on");
            }
            if (row.getString(3).equals(OFF)) {
                risks.add("full_page_writes is off: a power cut may leave torn pages, and with them lost messages;"
                        + " set it to on unless the storage never tears a page");
            }
            if (row.getString(4).equals(OFF)) {
                risks.add("autovacuum is off: the tables grow with every message and get slow; set it to on");
            }
        }
        return risks;
    }
}
