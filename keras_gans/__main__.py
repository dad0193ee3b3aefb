from keras_gans.cli import app

app(prog_name="keras-gans")
