// Not compiled here.
import Foundation
import TensorFlowLite

struct NoSuchClass: Error {
  let label: Int32
}

/// Makes images with generator.tflite of the app's bundle, whose inputs and outputs are float32 in
/// every precision, int8 too.
final class Generator {
  private let runner: SignatureRunner
  private let latentDim: Int
  private let numClasses: Int32

  /// - Parameter numClasses: 0 where the generator takes no labels.
  init(latentDim: Int, numClasses: Int32 = 0) throws {
    let path = Bundle.main.path(forResource: "generator", ofType: "tflite")!
    runner = try Interpreter(modelPath: path).signatureRunner(with: "serving_default")
    self.latentDim = latentDim
    self.numClasses = numClasses
    // By name: their order in the file is that of the alphabet.
    try runner.resizeInput(named: "latents", toShape: [1, latentDim])
    if numClasses > 0 { try runner.resizeInput(named: "labels", toShape: [1]) }
    try runner.allocateTensors()
  }

  /// Returns the levels 0...255, rows from the top, channels last.
  func generate(label: Int32 = 0) throws -> [UInt8] {
    let latents = (0..<latentDim).map { _ -> Float in  // Box and Muller
      let radius = (-2 * log(Float.random(in: Float.ulpOfOne..<1))).squareRoot()
      return radius * cos(2 * .pi * Float.random(in: 0..<1))
    }
    var inputs = ["latents": latents.withUnsafeBufferPointer { Data(buffer: $0) }]
    if numClasses > 0 {
      // The graph cannot refuse one: it makes NaN of it.
      guard (0..<numClasses).contains(label) else { throw NoSuchClass(label: label) }
      inputs["labels"] = withUnsafeBytes(of: label) { Data($0) }
    }
    try runner.invoke(with: inputs)
    return try runner.output(named: "images").data.withUnsafeBytes { bytes in
      bytes.bindMemory(to: Float.self).map { UInt8(max(0, min(255, (($0 + 1) * 127.5).rounded()))) }
    }
  }
}
