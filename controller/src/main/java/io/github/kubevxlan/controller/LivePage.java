package io.github.kubevxlan.controller;

import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.controller.page.PageLeader;
import io.github.kubevxlan.controller.page.PageModel;
import io.github.kubevxlan.controller.page.PageServer;
import io.github.kubevxlan.controller.page.RecentChanges;
import io.github.kubevxlan.controller.registry.Members;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live page of this controller, where one is wanted. */
final class LivePage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);

    private final Optional<PageServer> server;

    private LivePage(Optional<PageServer> server) {
        this.server = server;
    }

    /** Starts it; does nothing where there is no port. */
    static LivePage start(OptionalInt port, Members members, Leadership leadership, RecentChanges changes)
            throws StartException {
        if (port.isEmpty()) {
            return new LivePage(Optional.empty());
        }
        PageServer server = PageServer.start(port.getAsInt(), () -> model(members, leadership), changes);
        LOG.info("controller serves the live page on port {} of the loopback address", server.port());
        return new LivePage(Optional.of(server));
    }

    private static PageModel model(Members members, Leadership leadership) {
        PageLeader leader = new PageLeader(leadership.leads(), leadership.identity(), leadership.holder());
        if (!leader.leads()) {
            return PageModel.waiting(leader);
        }
        return PageModel.of(leader, members.overview());
    }

    @Override
    public void close() {
        server.ifPresent(PageServer::close);
    }
}
