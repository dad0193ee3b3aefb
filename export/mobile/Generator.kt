// Not compiled here.
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Color
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel
import java.util.Random

/** Makes images with assets/generator.tflite. */
class Generator(context: Context, private val latentDim: Int, private val size: Int, private val channels: Int) {
    private val model = CompiledModel.create(
        context.assets, "generator.tflite", CompiledModel.Options(Accelerator.CPU))
    private val inputs = model.createInputBuffers()
    private val outputs = model.createOutputBuffers()

    fun generate(random: Random): Bitmap {
        inputs[0].writeFloat(FloatArray(latentDim) { random.nextGaussian().toFloat() })
        model.run(inputs, outputs)
        val x = outputs[0].readFloat()
        fun level(pixel: Int, channel: Int) =
            ((x[pixel * channels + channel.coerceAtMost(channels - 1)] + 1) * 127.5f).toInt().coerceIn(0, 255)
        val pixels = IntArray(size * size) { Color.rgb(level(it, 0), level(it, 1), level(it, 2)) }
        return Bitmap.createBitmap(pixels, size, size, Bitmap.Config.ARGB_8888)
    }
}
