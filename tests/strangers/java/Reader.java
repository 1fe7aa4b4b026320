package example;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Every message is an event that the CloudEvents SDK takes, and its data is as its schema says. */
public final class Reader {
    private static final Map<URI, Schema> SCHEMAS = new HashMap<>();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        int count = 0;
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            JsonNode message = mapper.readTree(line);
            RecordHeaders headers = new RecordHeaders();
            message.get("headers").fields().forEachRemaining(header ->
                    headers.add(header.getKey(), header.getValue().asText().getBytes(StandardCharsets.UTF_8)));
            String value = message.get("value").asText();
            CloudEvent event = KafkaMessageFactory.createReader(headers, value.getBytes(StandardCharsets.UTF_8)).toEvent();
            expect(message.get("key").asText(), event.getSubject());
            expect(message.get("headers").get("ce_streamsequence").asText(), event.getExtension("streamsequence"));
            var errors = schema(event.getDataSchema()).validate(value, InputFormat.JSON, context ->
                    context.executionConfig(config -> config.formatAssertionsEnabled(true)));
            if (!errors.isEmpty()) {
                throw new AssertionError(event.getId() + ": " + errors);
            }
            count += 1;
        }
        System.out.println(count + " messages, " + SCHEMAS.size() + " schemas");
    }

    private static Schema schema(URI uri) throws Exception {
        if (!SCHEMAS.containsKey(uri)) {
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            expect(200, answer.statusCode());
            SCHEMAS.put(uri, REGISTRY.getSchema(answer.body()));
        }
        return SCHEMAS.get(uri);
    }

    private static void expect(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }
}
