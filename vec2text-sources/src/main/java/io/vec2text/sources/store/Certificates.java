package io.vec2text.sources.store;

import io.vec2text.sources.internal.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates to trust. */
final class Certificates {
  private Certificates() {}

  /** A context that trusts the certificates of a file in PEM and those signed by them, only. */
  static SSLContext trusting(Path pem) throws IOException {
    if (!Files.exists(pem)) {
      throw new NoSuchFileException(pem.toString());
    }
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new StoreException(pem.toString(), "holds no certificate, expected PEM");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int i = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca" + i++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          pem.toString(), "is no certificate that can be read, expected PEM", e);
    }
  }

  /** What is wrong with a connection that could not be secured. */
  static String problem(Throwable e) {
    Throwable first = e;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first instanceof CertPathBuilderException
        ? "its certificate is signed by none of the authorities that are trusted"
        : OneLine.reason(first);
  }
}
