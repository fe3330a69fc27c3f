(** * A two-sine network, proved

    The network that [approxcert check geometric --target 'abs(x0 - 1/3)' --dim 1 --base 2 --levels 4 --p inf
    --digits floor --decoder two-sine] builds, copied number by number: five layers that number the dyadic
    cells of x by floors, and corrections mid + gamma sin(w sin(1 + J)) with integers w of up to 48 bits
    (statement: arXiv 2604.20219; construction: docs/geometric.md). What is proved here holds for every real x
    of [0,1]: the sines are enclosed by CoqInterval inside Coq's kernel, nothing that another program computed
    is believed. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Interval Require Tactic.
From Interval Require Import Float.Specific_stdz Float.Specific_ops.
From Approxcert Require Import Sums Network.
Import ListNotations.

(** CoqInterval's tactic [interval] over floats made of Coq's own integers: no machine arithmetic to believe. *)
Module Floats := SpecificFloat StdZRadix2.
Module Enclosure := Interval.Tactic.IntervalTactic Floats.
Import Interval.Tactic(i_prec) Enclosure.

(** ** The network *)

Local Open Scope Q_scope.

Definition relu (ts : list (nat * Q)) (b : Q) : neuron Q := Act Relu (Affine ts b).
Definition floor (ts : list (nat * Q)) : neuron Q := Act Floor (Affine ts 0).
Definition sine (ts : list (nat * Q)) (b : Q) : neuron Q := Act Sine (Affine ts b).

(** Layer t: X carries x; G = floor(2^t x) and F = floor(x), so that J_t = G - F is the number of the cell;
    I = sin(1 + J_(t-1)); O = sin(w I); S carries the readout of the level before, plus 1. *)
Definition example : network Q := Network 1
  [ [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 2)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; relu [] (2806045300053 # 2199023255552) ]                        (* S *)
  ; [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 4)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 1 *)
    ; relu [(3%nat, 1)] 0 ]                                            (* S *)
  ; [ relu [(0%nat, 1)] 0                                              (* X *)
    ; floor [(0%nat, 8)]                                               (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(3%nat, 36)] 0                                             (* O, level 1 *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 2 *)
    ; relu [(4%nat, 1)] 0 ]                                            (* S *)
  ; [ floor [(0%nat, 16)]                                              (* G *)
    ; floor [(0%nat, 1)]                                               (* F *)
    ; sine [(4%nat, 5021)] 0                                           (* O, level 2 *)
    ; sine [(1%nat, 1); (2%nat, -1)] 1                                 (* I, level 3 *)
    ; relu [(3%nat, 9 # 64); (5%nat, 1)] (1 # 1024) ]                  (* S *)
  ; [ sine [(3%nat, 1286020)] 0                                        (* O, level 3 *)
    ; sine [(0%nat, 1); (1%nat, -1)] 1                                 (* I, level 4 *)
    ; relu [(2%nat, 257 # 2048); (4%nat, 1)] (7 # 2048) ]              (* S *)
  ; [ sine [(1%nat, 237135354719626)] 0                                (* O, level 4 *)
    ; relu [(0%nat, 267 # 4096); (2%nat, 1)] (3 # 2048) ] ]            (* S *)
  [ Readout 0 2 (Affine [(4%nat, 1)] (-1))
  ; Readout 1 3 (Affine [(3%nat, 9 # 64); (5%nat, 1)] (-1023 # 1024))
  ; Readout 2 4 (Affine [(2%nat, 257 # 2048); (4%nat, 1)] (-2041 # 2048))
  ; Readout 3 5 (Affine [(0%nat, 267 # 4096); (2%nat, 1)] (-2045 # 2048))
  ; Readout 4 6 (Affine [(0%nat, 153 # 4096); (1%nat, 1)] (-8201 # 8192)) ].

(** ** What it approximates, and how well *)

Local Open Scope R_scope.

Definition target (x : R) : R := Rabs (x - 1/3).

(** The errors that the certificate states: 0.3907, 0.2535, 0.1290, 0.0697, 0.0351. *)
Definition error (l : nat) : R :=
  match l with
  | 0%nat => 429496729651 / 1099511627776
  | 1%nat => 557376587137 / 2199023255552
  | 2%nat => 566951634767 / 4398046511104
  | 3%nat => 612998917309 / 8796093022208
  | _ => 616954730973 / 17592186044416
  end.

(** ** What it computes *)

(** mid + gamma sin(w sin(1 + J)), with the three numbers of level l. *)
Definition correction (l : nat) (J : Z) : R :=
  let c mid gamma w := mid + gamma * sin (w * sin (IZR J + 1)) in
  match l with
  | 1%nat => c (1 / 1024) (9 / 64) 36
  | 2%nat => c (7 / 2048) (257 / 2048) 5021
  | 3%nat => c (3 / 2048) (267 / 4096) 1286020
  | _ => c (- 9 / 8192) (153 / 4096) 237135354719626
  end.

(** The value on cell J of level l: that of the cell of level l - 1 around it, corrected. *)
Fixpoint stored (l : nat) (J : Z) : R :=
  match l with
  | O => 607022044501 / 2199023255552
  | S k => stored k (J / 2) + correction l J
  end.

(** The number of the cell of level l: floor(2^l x), less 1 at x = 1, which belongs to the last cell. *)
Definition cell (l : nat) (x : R) : Z := (Zfloor (IZR (2 ^ Z.of_nat l) * x) - Zfloor x)%Z.

Lemma Zfloor_bounds : forall x, IZR (Zfloor x) <= x < IZR (Zfloor x) + 1.
Proof. intros; split; [apply Zfloor_lb|apply Zfloor_ub]. Qed.

Lemma cell_bounds : forall l x, 0 <= x <= 1 ->
  (0 <= cell l x < 2 ^ Z.of_nat l)%Z /\ IZR (cell l x) <= IZR (2 ^ Z.of_nat l) * x <= IZR (cell l x) + 1.
Proof.
  intros l x Hx. unfold cell. set (n := (2 ^ Z.of_nat l)%Z).
  assert (Hn : (1 <= n)%Z) by (apply (Z.pow_le_mono_r 2 0); lia).
  assert (HnR : 1 <= IZR n) by (apply IZR_le; assumption).
  destruct (Req_dec x 1) as [->|Hne].
  - rewrite Rmult_1_r, !Zfloor_IZR, minus_IZR. split; [lia|lra].
  - assert (Hz : Zfloor x = 0%Z) by (apply Zfloor_imp; simpl; lra).
    rewrite Hz, Z.sub_0_r. assert (B := Zfloor_bounds (IZR n * x)).
    split; [|lra]. split.
    + apply Zfloor_lub. nra.
    + apply lt_IZR. apply Rle_lt_trans with (IZR n * x); nra.
Qed.

Lemma cell_parent : forall l x, 0 <= x <= 1 -> cell l x = (cell (S l) x / 2)%Z.
Proof.
  intros l x Hx. unfold cell. rewrite Nat2Z.inj_succ, Z.pow_succ_r, mult_IZR by lia.
  set (n := (2 ^ Z.of_nat l)%Z). destruct (Req_dec x 1) as [->|Hne].
  - rewrite !Rmult_1_r, <- mult_IZR, !Zfloor_IZR.
    replace (2 * n - 1)%Z with (1 + (n - 1) * 2)%Z by ring. rewrite Z.div_add by lia. reflexivity.
  - replace (Zfloor x) with 0%Z by (symmetry; apply Zfloor_imp; simpl; lra). rewrite !Z.sub_0_r.
    rewrite Rmult_assoc. set (y := IZR n * x). apply Zfloor_imp.
    assert (B := Zfloor_bounds (2 * y)). set (m := Zfloor (2 * y)) in *.
    assert (D := Z.div_mod m 2 ltac:(lia)). assert (M := Z.mod_pos_bound m 2 ltac:(lia)).
    rewrite plus_IZR. split.
    + assert (2 * IZR (m / 2) <= IZR m) by (rewrite <- mult_IZR; apply IZR_le; lia). lra.
    + assert (IZR m + 1 <= 2 * (IZR (m / 2) + 1)); [|lra].
      rewrite <- !plus_IZR, <- mult_IZR. apply IZR_le. lia.
Qed.

Lemma stored_cell : forall l x, 0 <= x <= 1 ->
  stored (S l) (cell (S l) x) = stored l (cell l x) + correction (S l) (cell (S l) x).
Proof. intros. cbn [stored]. rewrite <- cell_parent by assumption. reflexivity. Qed.

(** The value of S after the corrections of the levels up to l: what is stored, plus 1. *)
Lemma stored_positive : forall l J, (l <= 4)%nat -> 0 <= stored l J + 1.
Proof.
  intros l J Hl. do 5 (destruct l as [|l]; [cbn [stored]; unfold correction; interval with (i_prec 30)|]). lia.
Qed.

(** What the layers compute; [g t] is the number of the cell of level t. *)
Definition values (x : R) (t : nat) : list R :=
  let G t := IZR (Zfloor (IZR (2 ^ Z.of_nat t) * x)) in
  let F := IZR (Zfloor x) in
  let J t := IZR (cell t x) in
  let S t := stored t (cell t x) + 1 in
  match t with
  | 0%nat => [x]
  | 1%nat => [x; G 1%nat; F; S 0%nat]
  | 2%nat => [x; G 2%nat; F; sin (J 1%nat + 1); S 0%nat]
  | 3%nat => [x; G 3%nat; F; sin (36 * sin (J 1%nat + 1)); sin (J 2%nat + 1); S 0%nat]
  | 4%nat => [G 4%nat; F; sin (5021 * sin (J 2%nat + 1)); sin (J 3%nat + 1); S 1%nat]
  | 5%nat => [sin (1286020 * sin (J 3%nat + 1)); sin (J 4%nat + 1); S 2%nat]
  | _ => [sin (237135354719626 * sin (J 4%nat + 1)); S 3%nat]
  end.

Lemma Rmax_eq : forall a b, a = b -> 0 <= b -> Rmax a 0 = b.
Proof. intros a b -> H. apply Rmax_left, H. Qed.

(** Unfolds a neuron's form on a literal state, and rational weights to quotients of integers. *)
Ltac weigh := unfold affine_eval; cbn [terms bias terms_eval map_affine map fst snd];
  unfold coord; cbn [nth]; unfold Q2R; cbn [Qnum Qden].

Lemma values_next : forall x t, 0 <= x <= 1 -> (t < 6)%nat ->
  layer_eval (values x t) (nth t (layers (real example)) []) = values x (S t).
Proof.
  intros x t Hx Ht.
  assert (C := fun l => stored_cell l x Hx).
  destruct t as [|[|[|[|[|[|t]]]]]]; [..|lia]; cbn [values].
  all: unfold layer_eval, example, real, map_network, relu, floor, sine;
       cbn [layers nth map map_neuron neuron_eval activate].
  all: repeat (apply (f_equal2 (@cons R))); try reflexivity.
  all: first [apply (f_equal sin) | apply (f_equal IZR), (f_equal Zfloor) | apply Rmax_eq;
              [|first [apply stored_positive; lia | lra]]].
  all: rewrite ?C; weigh; unfold correction, cell; rewrite ?minus_IZR.
  all: change (2 ^ Z.of_nat 0)%Z with 1%Z; change (2 ^ Z.of_nat 1)%Z with 2%Z; change (2 ^ Z.of_nat 2)%Z with 4%Z;
       change (2 ^ Z.of_nat 3)%Z with 8%Z; change (2 ^ Z.of_nat 4)%Z with 16%Z.
  all: cbn [stored]; lra.
Qed.

Lemma firstn_next : forall A (l : list A) n e, (n < length l)%nat -> firstn (S n) l = firstn n l ++ [nth n l e].
Proof.
  induction l as [|a l IH]; intros [|n] e Hn; cbn in *; try lia; [reflexivity|].
  f_equal. apply IH. lia.
Qed.

Lemma values_state : forall x t, 0 <= x <= 1 -> (t <= 6)%nat ->
  state (firstn t (layers (real example))) [x] = values x t.
Proof.
  intros x t Hx. induction t as [|t IH]; intros Ht; [reflexivity|].
  rewrite (firstn_next (layer R) _ _ []) by (cbn [length layers example real map_network map]; lia).
  rewrite state_app, IH by lia. apply values_next; [assumption|lia].
Qed.

(** The readout of level l is what is stored for the cell. *)
Lemma example_output : forall x r, 0 <= x <= 1 -> In r (readouts (real example)) ->
  (level r <= 4)%nat /\ output (real example) r [x] = stored (level r) (cell (level r) x).
Proof.
  intros x r Hx Hr.
  assert (C := fun l => stored_cell l x Hx).
  cbn in Hr. repeat (destruct Hr as [<-|Hr]; [|]); [..|contradiction].
  all: split; [cbn [level map_readout]; lia|].
  all: unfold output; rewrite values_state by (exact Hx || (cbn [after map_readout]; lia)).
  all: cbn [after head level map_readout values]; rewrite ?C; weigh; unfold correction; cbn [stored]; lra.
Qed.

(** ** What it computes is near the target *)

(** On every cell of every level; one enclosure for each of the 31 cells. *)
Lemma stored_near : forall l J x, (l <= 4)%nat -> (0 <= J < 2 ^ Z.of_nat l)%Z ->
  IZR J / IZR (2 ^ Z.of_nat l) <= x <= (IZR J + 1) / IZR (2 ^ Z.of_nat l) ->
  Rabs (target x - stored l J) <= error l.
Proof.
  intros l J x Hl HJ Hx.
  assert (Hn : exists n, J = Z.of_nat n /\ (n < Nat.pow 2 l)%nat).
  { exists (Z.to_nat J). split; [lia|]. apply Nat2Z.inj_lt. rewrite Nat2Z.inj_pow, Z2Nat.id by lia. exact (proj2 HJ). }
  destruct Hn as [n [-> Hn]]. clear HJ.
  destruct l as [|[|[|[|[|l]]]]]; [..|lia]; cbn in Hn.
  all: do 16 try (destruct n as [|n]; [|]); try lia.
  all: cbn in Hx; unfold target, error; cbn [stored]; unfold correction.
  all: cbn [Z.of_nat Pos.of_succ_nat Pos.succ Z.div Z.div_eucl Z.pos_div_eucl fst]; cbn.
  all: interval with (i_prec 100).
Qed.

(** At every point of [0,1], the closed interval, every readout is as near to |x - 1/3| as the certificate
    says: within 0.3907, 0.2535, 0.1290, 0.0697, 0.0351 at the levels 0, ..., 4. *)
Theorem two_sine_example : forall x r, 0 <= x <= 1 -> In r (readouts (real example)) ->
  Rabs (target x - output (real example) r [x]) <= error (level r).
Proof.
  intros x r Hx Hr. destruct (example_output x r Hx Hr) as [Hl ->].
  destruct (cell_bounds (level r) x Hx) as [HJ B].
  apply stored_near; [assumption..|].
  assert (Hn : 0 < IZR (2 ^ Z.of_nat (level r))) by (apply IZR_lt, Z.pow_pos_nonneg; lia).
  split; apply Rmult_le_reg_r with (1 := Hn); unfold Rdiv; rewrite Rmult_assoc, Rinv_l by lra; lra.
Qed.

(** That is at most (2d+1) K N^-l at level l, here 3/2^l, as arXiv 2604.20219 states. *)
Theorem two_sine_example_stated : forall x r, 0 <= x <= 1 -> In r (readouts (real example)) ->
  Rabs (target x - output (real example) r [x]) <= 3 / 2 ^ level r.
Proof.
  intros x r Hx Hr. eapply Rle_trans; [exact (two_sine_example x r Hx Hr)|].
  destruct (example_output x r Hx Hr) as [Hl _].
  destruct (level r) as [|[|[|[|[|l]]]]]; [..|lia]; unfold error; lra.
Qed.

(** The network is well formed, of width 6 <= 3d+3 and depth 6 = L+2, with readouts of the levels 0, ..., 4. *)
Theorem two_sine_example_size : well_formed example /\ width example = 6%nat /\ depth example = 6%nat /\
  map level (readouts example) = [0; 1; 2; 3; 4]%nat.
Proof. repeat split; try reflexivity; repeat constructor; cbn; lia. Qed.
