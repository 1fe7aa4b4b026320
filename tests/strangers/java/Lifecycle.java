package example;

import com.fasterxml.jackson.databind.ObjectMapper;
import example.procurement.api.EventsApi;
import example.procurement.api.GoodsReceiptsApi;
import example.procurement.api.PurchaseOrdersApi;
import example.procurement.api.SitesApi;
import example.procurement.model.Acknowledgement;
import example.procurement.model.LoggedEvent;
import example.procurement.model.OrderIn;
import example.procurement.model.OrderLineIn;
import example.procurement.model.ReceiptIn;
import example.procurement.model.ReceiptLine;
import example.procurement.model.SiteIn;
import example.sourcing.ApiException;
import example.sourcing.api.SuppliersApi;
import example.sourcing.model.Problem;
import example.sourcing.model.SupplierApproval;
import example.sourcing.model.SupplierRegistration;
import example.supplierperformance.api.ScoresApi;
import example.supplierperformance.model.SupplierScore;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The lifecycle, with clients that openapi-generator made for Java: every answer is asserted. */
public final class Lifecycle {
    private static final String CLIENT = given("CLIENT");
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static int answers = 0;

    public static void main(String[] arguments) throws Exception {
        UUID supplier = onboarded();
        UUID order = ordered(supplier);
        received(order);
        String score = scored(supplier);
        told(order);
        System.out.println(answers + " answers, score " + score);
    }

    private static UUID onboarded() throws Exception {
        SuppliersApi buyer = sourcingAs("BUYER");
        SuppliersApi manager = sourcingAs("MANAGER");
        SupplierRegistration registration =
                new SupplierRegistration().legalName("Fasteners for " + CLIENT).country("NO").addCategoriesItem("fasteners");
        var registered = buyer.registerSupplierWithHttpInfo(registration, null);
        answered(201, registered.getStatusCode());
        UUID supplier = registered.getData().getId();
        String first = etag(registered.getHeaders());
        var submitted = buyer.submitSupplierWithHttpInfo(supplier, first, null);
        answered(200, submitted.getStatusCode());
        String second = etag(submitted.getHeaders());
        SupplierApproval approval = new SupplierApproval().addCategoriesItem("fasteners").expiresOn(TODAY.plusYears(1));

        refused(412, "changed_meanwhile", () -> manager.approveSupplier(supplier, first, approval, null));
        SuppliersApi both = sourcingAs("BUYER_AND_MANAGER");
        refused(403, "segregation_of_duties", () -> both.approveSupplier(supplier, second, approval, null));
        var approved = manager.approveSupplierWithHttpInfo(supplier, second, approval, null);
        answered(200, approved.getStatusCode());
        expect("approved", String.valueOf(approved.getData().getStatus()));
        return supplier;
    }

    private static UUID ordered(UUID supplier) throws Exception {
        var site = new SitesApi(procurementAs("ADMIN"))
                .putSiteWithHttpInfo(
                        CLIENT, new SiteIn().name("Yard of " + CLIENT).country("IS").timeZone("Atlantic/Reykjavik"), null, null);
        answered(201, site.getStatusCode());
        var known = new example.procurement.api.SuppliersApi(procurementAs("BUYER"));
        until("procurement knows the supplier", () -> {
            try {
                var found = known.getSupplier(supplier).getSupplier();
                return "approved".equals(String.valueOf(found.getStatus())) ? found : null;
            } catch (example.procurement.ApiException unknown) {
                return null;
            }
        });
        List<OrderLineIn> lines = Stream.of("FST-7008", "FST-7012", "FST-7108")
                .map(item -> new OrderLineIn()
                        .item(item)
                        .description("Fastener " + item)
                        .category("fasteners")
                        .quantity("5000")
                        .unit("C62")
                        .price("0.189")
                        .promisedOn(TODAY))
                .toList();
        OrderIn draft = new OrderIn()
                .supplierId(supplier)
                .currency("EUR")
                .site(CLIENT)
                .businessUnit("PUMPS")
                .costCentre("4100")
                .orderedOn(TODAY)
                .lines(lines);
        PurchaseOrdersApi orders = new PurchaseOrdersApi(procurementAs("ORDERER"));
        var created = orders.createPurchaseOrderWithHttpInfo(draft, "order of " + CLIENT);
        answered(201, created.getStatusCode());
        expect("2835.00", created.getData().getTotal().getAmount());
        UUID order = created.getData().getId();
        var again = orders.createPurchaseOrderWithHttpInfo(draft, "order of " + CLIENT);
        answered(201, again.getStatusCode());
        expect(order, again.getData().getId());

        var submitted = orders.submitPurchaseOrderWithHttpInfo(order, etag(created.getHeaders()), null);
        answered(200, submitted.getStatusCode());
        var approved = new PurchaseOrdersApi(procurementAs("APPROVER"))
                .approvePurchaseOrderWithHttpInfo(order, etag(submitted.getHeaders()), null);
        answered(200, approved.getStatusCode());
        var issued = orders.issuePurchaseOrderWithHttpInfo(order, etag(approved.getHeaders()), null);
        answered(200, issued.getStatusCode());
        var acknowledged = orders.acknowledgePurchaseOrderWithHttpInfo(
                order, etag(issued.getHeaders()), null, new Acknowledgement().supplierReference("SO of " + CLIENT));
        answered(200, acknowledged.getStatusCode());
        expect("SO of " + CLIENT, acknowledged.getData().getOrderHeader().getSupplierReference());
        return order;
    }

    private static void received(UUID order) throws Exception {
        ReceiptIn arrived = new ReceiptIn().receivedOn(TODAY).despatchReference("LS of " + CLIENT);
        for (int number = 1; number <= 3; number += 1) {
            arrived.addLinesItem(new ReceiptLine().lineNumber(number).quantity("5000"));
        }
        var receipt = new GoodsReceiptsApi(procurementAs("RECEIVER")).receiveGoodsWithHttpInfo(order, arrived, null);
        answered(201, receipt.getStatusCode());
        expect("closed", String.valueOf(receipt.getData().getOrderStatus()));

        var read = new PurchaseOrdersApi(procurementAs("BUYER")).getPurchaseOrderWithHttpInfo(order, null);
        answered(200, read.getStatusCode());
        expect(3, read.getData().getOrder().getLines().size());
    }

    private static void told(UUID order) throws Exception {
        var page = new EventsApi(procurementAs("AUDITOR")).listEventsWithHttpInfo(null, 1000, null);
        answered(200, page.getStatusCode());
        int told = 0;
        for (LoggedEvent logged : page.getData().getEventPage().getItems()) {
            if (logged.getEvent().getSubject().equals(order.toString())) {
                told += 1;
                expect(String.valueOf(told), logged.getEvent().getStreamsequence());
            }
        }
        expect(true, told > 2);
    }

    private static String scored(UUID supplier) throws Exception {
        var client = new example.supplierperformance.ApiClient();
        client.updateBaseUri(given("PERFORMANCE_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + given("TOKEN_BUYER")));
        ScoresApi scores = new ScoresApi(client);
        SupplierScore score = until("the score", () -> {
            try {
                var found = scores.getSupplierScore(supplier).getSupplierScore();
                return found.getScore() == null ? null : found;
            } catch (example.supplierperformance.ApiException unknown) {
                return null;
            }
        });
        answers += 1;
        expect("A", String.valueOf(score.getGrade()));
        return score.getScore();
    }

    private static SuppliersApi sourcingAs(String person) {
        var client = new example.sourcing.ApiClient();
        client.updateBaseUri(given("SOURCING_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + given("TOKEN_" + person)));
        return new SuppliersApi(client);
    }

    private static example.procurement.ApiClient procurementAs(String person) {
        var client = new example.procurement.ApiClient();
        client.updateBaseUri(given("PROCUREMENT_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + given("TOKEN_" + person)));
        return client;
    }

    private static String given(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new AssertionError(name + " is not set");
        }
        return value;
    }

    private static String etag(Map<String, List<String>> headers) {
        return headers.get("etag").get(0);
    }

    private static void answered(int status, int answered) {
        expect(status, answered);
        answers += 1;
    }

    private static void refused(int status, String code, Callable<?> request) throws Exception {
        try {
            request.call();
        } catch (ApiException refusal) {
            answered(status, refusal.getCode());
            ObjectMapper mapper = example.sourcing.ApiClient.createDefaultObjectMapper();
            expect(code, mapper.readValue(refusal.getResponseBody(), Problem.class).getCode());
            return;
        }
        throw new AssertionError("not refused, but should have been: " + code);
    }

    private static void expect(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    /** What comes of it in another service, which hears of it in its time. */
    private static <T> T until(String what, Callable<T> look) throws Exception {
        for (int tries = 0; tries < 200; tries += 1) {
            T found = look.call();
            if (found != null) {
                return found;
            }
            Thread.sleep(100);
        }
        throw new AssertionError(what + ": never seen");
    }
}
