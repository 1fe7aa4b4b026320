package example;

import com.helger.diagnostics.error.list.ErrorList;
import com.helger.diver.api.coord.DVRCoordinate;
import com.helger.io.resource.FileSystemResource;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.peppol.PeppolValidation2026_05;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import com.helger.ubl21.UBL21Marshaller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Validates documents: by Peppol's rules for orders, which include the schemas, and by UBL's schema for receipts. */
public final class Documents {
    private static final Map<String, DVRCoordinate> RULES = Map.of(
            "Order", PeppolValidation2026_05.VID_OPENPEPPOL_ORDER_V3,
            "OrderChange", PeppolValidation2026_05.VID_OPENPEPPOL_ORDER_CHANGE_V3,
            "OrderCancellation", PeppolValidation2026_05.VID_OPENPEPPOL_ORDER_CANCELLATION_V3);

    private Documents() {}

    public static void main(String[] folders) throws Exception {
        var registry = new ValidationExecutorSetRegistry<IValidationSourceXML>();
        PeppolValidation2026_05.init(registry);
        List<Path> documents;
        try (var files = Files.list(Path.of(folders[0]))) {
            documents = files.sorted().toList();
        }
        var complaints = new ArrayList<String>();
        for (Path document : documents) {
            String kind = document.getFileName().toString().split("[-.]")[0];
            ErrorList errors = RULES.containsKey(kind) ? ofPeppol(registry, kind, document) : ofSchema(document);
            errors.forEach(error -> complaints.add(document.getFileName() + ": " + error.getAsString(Locale.ENGLISH)));
        }
        complaints.forEach(System.out::println);
        System.out.println(documents.size() + " documents");
        System.exit(complaints.isEmpty() && !documents.isEmpty() ? 0 : 1);
    }

    private static ErrorList ofPeppol(
            ValidationExecutorSetRegistry<IValidationSourceXML> registry, String kind, Path document) {
        return ValidationExecutionManager.executeValidation(
                        IValidityDeterminator.createDefault(),
                        registry.getOfID(RULES.get(kind)),
                        ValidationSourceXML.create(new FileSystemResource(document)),
                        Locale.ENGLISH)
                .getAllErrors();
    }

    private static ErrorList ofSchema(Path document) {
        var errors = new ErrorList();
        UBL21Marshaller.receiptAdvice().setCollectErrors(errors).read(document);
        return errors;
    }
}
