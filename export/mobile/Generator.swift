// Not compiled here.
import Foundation
import TensorFlowLite

/// Makes images with generator.tflite of the app's bundle.
final class Generator {
  private let interpreter: Interpreter
  private let latentDim: Int

  init(latentDim: Int) throws {
    let path = Bundle.main.path(forResource: "generator", ofType: "tflite")!
    interpreter = try Interpreter(modelPath: path)
    self.latentDim = latentDim
    try interpreter.resizeInput(at: 0, to: [1, latentDim])
    try interpreter.allocateTensors()
  }

  /// Returns the levels 0...255, rows from the top, channels last.
  func generate() throws -> [UInt8] {
    let latents = (0..<latentDim).map { _ -> Float in  // Box and Muller
      let radius = (-2 * log(Float.random(in: Float.ulpOfOne..<1))).squareRoot()
      return radius * cos(2 * .pi * Float.random(in: 0..<1))
    }
    try interpreter.copy(latents.withUnsafeBufferPointer { Data(buffer: $0) }, toInputAt: 0)
    try interpreter.invoke()
    return try interpreter.output(at: 0).data.withUnsafeBytes { bytes in
      bytes.bindMemory(to: Float.self).map { UInt8(max(0, min(255, ($0 + 1) * 127.5))) }
    }
  }
}
