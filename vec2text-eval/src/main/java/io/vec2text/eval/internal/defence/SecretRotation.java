package io.vec2text.eval.internal.defence;

import io.vec2text.eval.internal.setup.VectorMatrix;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/** A secret orthogonal matrix, which keeps all cosines. */
final class SecretRotation extends Defence {
  SecretRotation() {
    super("rotation");
  }

  @Override
  public boolean secret() {
    return true;
  }

  @Override
  Transform fit(VectorMatrix corpus, long key) {
    DMatrixRMaj rotation = orthogonal(corpus.dimension(), key);
    return Transform.ofBoth(vector -> Linear.multiply(rotation, vector));
  }

  @Override
  Attack attack(KnownPairs pairs) {
    return Procrustes.fit(pairs);
  }

  /**
   * A matrix drawn evenly from all orthogonal ones (Mezzadri 2007): Q of the QR decomposition of
   * Gaussian numbers, with the signs of its columns chosen so that R has a positive diagonal.
   */
  static DMatrixRMaj orthogonal(int dimension, long key) {
    Random random = new Random(key);
    DMatrixRMaj gaussian = new DMatrixRMaj(dimension, dimension);
    for (int i = 0; i < gaussian.getNumElements(); i++) {
      gaussian.set(i, random.nextGaussian());
    }
    QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(dimension, dimension);
    Linear.decompose(qr, gaussian);
    DMatrixRMaj r = qr.getR(null, false);
    double[] signs = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      signs[i] = Math.signum(r.get(i, i));
    }
    DMatrixRMaj q = qr.getQ(null, false);
    CommonOps_DDRM.multCols(q, signs);
    return q;
  }
}
