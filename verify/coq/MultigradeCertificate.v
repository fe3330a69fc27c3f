(** * Multigrade certificates: what the computed check means

    If [check] (MultigradeCheck.v) computes to true, then the steps of every sweep are safe (StepSupports.v), so that
    the theorems on erosion hold (Erosion.v), and after every sweep |f - Phi| is at most the stated bound at every
    point of the cube, because it is so at the nodes of a grid on which f - Phi is linear. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork HatNetworkSize Erosion ErosionRate.
From Approxcert Require Import ErosionSteps HatRefinement KuhnTarget KuhnRanges StepTables StepSupports MultigradeCheck.
Import ListNotations.
Local Open Scope R_scope.

(** Grades on a coarser grid leave a linear residual linear. *)
Lemma left_over_still_linear : forall d m q r gs, (1 <= m)%nat -> (1 <= q)%nat -> linear d (q * m) r ->
  (forall g, In g gs -> cells g = m /\ In (node g) (nodes d m)) -> linear d (q * m) (left_over d r gs).
Proof.
  intros d m q r gs Hm Hq Hr Hg x Hx.
  assert (H : grade_sum d gs x = total (nodes d (q * m)) (fun k => hat d (q * m) k x * grade_sum d gs (point (q * m) k))).
  { clear -Hm Hq Hg Hx. induction gs as [|g gs IH].
    - unfold grade_sum, total at 1; cbn [fold_right]. symmetry. apply total_zero. intros. unfold total; cbn; ring.
    - unfold grade_sum. rewrite total_cons. fold (grade_sum d gs x). destruct (Hg g (or_introl eq_refl)) as [E Hk].
      rewrite IH by (intros; apply Hg; right; assumption).
      rewrite (linear_on_finer d m q (hat d (cells g) (node g)) Hm Hq) by (assumption || (rewrite E; apply hat_linear; assumption)).
      rewrite <- total_scale, <- total_plus. apply total_ext. intros. rewrite total_cons. fold (grade_sum d gs (point (q * m) a)). ring. }
  unfold left_over at 1. rewrite (Hr x Hx), H.
  rewrite (total_ext _ _ (fun k => hat d (q * m) k x * left_over d r gs (point (q * m) k))
    (fun k => hat d (q * m) k x * r (point (q * m) k) + -1 * (hat d (q * m) k x * grade_sum d gs (point (q * m) k)))).
  - rewrite total_plus, total_scale. ring.
  - intros. unfold left_over. ring.
Qed.

Lemma units : forall z n b E G, (1 <= G)%nat -> (Z.abs z <= n * (Zpos E * Z.of_nat G) / Zpos b)%Z ->
  Rabs (IZR z / (IZR (Zpos E) * INR G)) <= Q2R (n # b).
Proof.
  intros z n b E G HG H. assert (0 < IZR (Zpos E)) by (apply IZR_lt; lia). assert (0 < INR G) by (apply lt_0_INR; lia).
  assert (0 < IZR (Zpos b)) by (apply IZR_lt; lia).
  assert (H' : (Z.abs z * Zpos b <= n * (Zpos E * Z.of_nat G))%Z).
  { pose proof (Z.mul_div_le (n * (Zpos E * Z.of_nat G)) (Zpos b) ltac:(lia)). nia. }
  apply IZR_le in H'. rewrite !mult_IZR, abs_IZR, <- INR_IZR_INZ in H'.
  assert (0 < IZR (Zpos E) * INR G) by nra.
  unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ _)) by (apply Rle_ge, Rlt_le, Rinv_0_lt_compat; assumption).
  unfold Q2R; cbn [Qnum Qden]. apply Rmult_le_reg_r with (IZR (Zpos E) * INR G * IZR (Zpos b)); [nra|].
  replace (_ * / _ * _) with (Rabs (IZR z) * IZR (Zpos b)) by (field; lra).
  replace (_ * / _ * _) with (IZR n * (IZR (Zpos E) * INR G)) by (field; lra). assumption.
Qed.

(** The residual after a sweep, at a fine node. *)
Lemma left_over_at_node : forall d E G w r z l, (1 <= G)%nat -> sweep_ok d G w = true -> In l (nodes d G) ->
  r (point G l) = IZR z / (IZR (Zpos E) * INR G) ->
  let p := make_ready E G w in
  left_over d r (snd (real_sweep E w)) (point G l) =
  IZR (z - m_of p * fine_sum (step_of p) (q_of p) (runs_of p) 0 l) / (IZR (Zpos E) * INR G).
Proof.
  intros d E G w r z l HG Hw Hl Hr p. apply andb_prop in Hw. destruct Hw as [Hw _]. apply andb_prop in Hw. destruct Hw as [Hd Hs].
  destruct (divides_spec _ _ HG Hd) as (Hm & Hq & EG). rewrite forallb_forall in Hs.
  assert (Hn : forall s, In s (steps w) -> In (fst s) (nodes d (mesh w))) by (intros; apply on_grid_node, Hs; assumption).
  unfold left_over. rewrite Hr, minus_IZR, mult_IZR.
  assert (0 < IZR (Zpos E)) by (apply IZR_lt; lia). assert (0 < INR (G / mesh w)) by (apply lt_0_INR; lia).
  assert (0 < INR (mesh w)) by (apply lt_0_INR; lia).
  assert (S : grade_sum d (snd (real_sweep E w)) (point G l) =
    / IZR (Zpos E) * total (steps w) (fun s => IZR (snd s) * hat d (mesh w) (fst s) (point G l))).
  { unfold grade_sum. cbn [real_sweep snd]. rewrite total_map, <- total_scale. apply total_ext. intros s _.
    cbn [real_grade step cells node]. unfold Rdiv. ring. }
  rewrite S. clear S. rewrite EG in Hl.
  pose proof (sweep_at_fine_node d (mesh w) (G / mesh w) (steps w) l Hm Hq Hn Hl) as F. rewrite <- EG in F.
  subst p. unfold make_ready, step_of. cbn [m_of q_of runs_of b_of table_of]. rewrite <- F, <- INR_IZR_INZ.
  assert (EI : INR G = INR (G / mesh w) * INR (mesh w)) by (rewrite EG at 1; apply mult_INR).
  rewrite EI. unfold entry. field. lra.
Qed.

(** The steps of a sweep are safe if they are so at all fine nodes. *)
Lemma safe_sweep : forall d E G w r z, (1 <= d)%nat -> (1 <= G)%nat -> sweep_ok d G w = true -> linear d G r ->
  (forall l, In l (nodes d G) -> r (point G l) = IZR (z l) / (IZR (Zpos E) * INR G)) ->
  (forall l, In l (nodes d G) -> safe_at (Z.of_nat G) (make_ready E G w) (z l) l = true) ->
  sweep d (mesh w) r (snd (real_sweep E w)).
Proof.
  intros d E G w r z Hd HG Hw Hr Hz Hc. apply andb_prop in Hw. destruct Hw as [Hw Ha]. apply andb_prop in Hw. destruct Hw as [Hdiv Hs].
  destruct (divides_spec _ _ HG Hdiv) as (Hm & Hq & EG). rewrite forallb_forall in Hs.
  assert (Hn : forall s, In s (steps w) -> In (fst s) (nodes d (mesh w))) by (intros; apply on_grid_node, Hs; assumption).
  apply ascending_once in Ha. split; [assumption|]. cbn [real_sweep snd]. split; [rewrite map_map; exact Ha|].
  intros g Hg. apply in_map_iff in Hg. destruct Hg as (s & <- & Hin). cbn [real_grade cells node step].
  split; [reflexivity|]. split; [auto|].
  apply (safe_on_support d (mesh w) (G / mesh w)); try assumption; [rewrite <- EG; assumption|].
  intros l Hl. apply support_spec in Hl. rewrite <- EG in Hl |- *. destruct Hl as [Hl Hg]. specialize (Hc l Hl). rewrite (Hz l Hl).
  assert (Hk := Hn s Hin). assert (Lk := proj1 (proj1 (nodes_spec _ _ _) Hk)). assert (Ll := proj1 (proj1 (nodes_spec _ _ _) Hl)).
  rewrite (gauge_seen d _ _ _ Hd Lk Ll), INR_IZR_INZ in Hg. apply le_IZR in Hg.
  unfold safe_at in Hc. rewrite forallb_forall in Hc.
  specialize (Hc (fst s) (near_complete d _ _ _ _ Hq Hk Ll Hg)). unfold step_of, make_ready in Hc.
  cbn [q_of b_of table_of] in Hc. rewrite (table_single d) in Hc by assumption.
  assert (0 < IZR (Zpos E)) by (apply IZR_lt; lia). assert (0 < INR G) by (apply lt_0_INR; lia).
  assert (HI : 0 < / (IZR (Zpos E) * INR G)) by (apply Rinv_0_lt_compat; nra). assert (HE : 0 < / IZR (Zpos E)) by (apply Rinv_0_lt_compat; lra).
  destruct (Z.eqb_spec (snd s) 0) as [->|Hne].
  { unfold Rdiv. rewrite !Rmult_0_l, Rabs_R0. split; [lra|apply Rabs_pos]. }
  destruct (Z.ltb_spec (Z.of_nat (G / mesh w)) (gauge_of (seen (Z.of_nat (G / mesh w)) (fst s) l))); [lia|].
  apply andb_prop in Hc. destruct Hc as [C1 C2]. apply Z.leb_le, IZR_le in C1, C2.
  rewrite !mult_IZR, !abs_IZR, <- INR_IZR_INZ in *. split.
  - replace (_ / _ * (_ / _)) with (IZR (snd s) * IZR (z l) * (/ IZR (Zpos E) * / (IZR (Zpos E) * INR G))) by (field; lra).
    apply Rmult_le_pos; [assumption|nra].
  - unfold Rdiv. rewrite !Rabs_mult, (Rabs_right (/ IZR (Zpos E))), (Rabs_right (/ (_ * _))) by lra.
    replace (Rabs (IZR (snd s)) * / IZR (Zpos E)) with (Rabs (IZR (snd s)) * INR G * / (IZR (Zpos E) * INR G)) by (field; lra).
    apply Rmult_le_compat_r; lra.
Qed.

Lemma check_from_sound : forall d E G, (1 <= d)%nat -> (1 <= G)%nat -> forall sweeps r z, linear d G r ->
  (forall l, In l (nodes d G) -> r (point G l) = IZR (z l) / (IZR (Zpos E) * INR G)) ->
  (forall w, In w sweeps -> sweep_ok d G w = true) ->
  (forall l, In l (nodes d G) -> check_from (Z.of_nat G) (map (make_ready E G) sweeps) (z l) l = true) ->
  erosion d r (map (real_sweep E) sweeps) /\
  forall s x, (s < length sweeps)%nat -> cube d x ->
    Rabs (left_over d r (grades (map (real_sweep E) (firstn (S s) sweeps))) x) <= Q2R (nth s (map bound sweeps) 0%Q).
Proof.
  intros d E G Hd HG. induction sweeps as [|w sweeps IH]; intros r z Hr Hz Hok Hc; [split; [exact I|cbn; lia]|].
  pose proof (Hok w (or_introl eq_refl)) as Hw. set (p := make_ready E G w) in *.
  set (z' := fun l => (z l - m_of p * fine_sum (step_of p) (q_of p) (runs_of p) 0 l)%Z).
  assert (C : forall l, In l (nodes d G) -> safe_at (Z.of_nat G) p (z l) l = true /\ (Z.abs (z' l) <= limit p)%Z /\
    check_from (Z.of_nat G) (map (make_ready E G) sweeps) (z' l) l = true).
  { intros l Hl. specialize (Hc l Hl). cbn [map check_from] in Hc. fold p in Hc. cbn zeta in Hc. fold (z' l) in Hc.
    destruct (safe_at _ p _ _); [|discriminate]. destruct (Z.leb_spec (Z.abs (z' l)) (limit p)); [|discriminate]. auto. }
  assert (Hs : sweep d (mesh w) r (snd (real_sweep E w))) by (apply (safe_sweep d E G w r z); auto; intros l Hl; apply C; assumption).
  set (r' := left_over d r (snd (real_sweep E w))).
  assert (Hr' : linear d G r').
  { assert (Hdiv := Hw). apply andb_prop in Hdiv. destruct Hdiv as [Hdiv _]. apply andb_prop in Hdiv.
    destruct (divides_spec _ _ HG (proj1 Hdiv)) as (Hm & Hq & EG). rewrite EG in Hr |- *.
    apply left_over_still_linear; try assumption. intros g Hg. destruct Hs as (_ & _ & Hs). destruct (Hs g Hg) as (A & B & _). auto. }
  assert (Hz' : forall l, In l (nodes d G) -> r' (point G l) = IZR (z' l) / (IZR (Zpos E) * INR G))
    by (intros l Hl; apply left_over_at_node; auto).
  destruct (IH r' z' Hr' Hz') as [He Hb]; [intros; apply Hok; right; assumption|intros l Hl; apply C; assumption|].
  split; [split; assumption|]. intros s x Hs' Hx. cbn [firstn map]. unfold grades. cbn [flat_map]. rewrite left_over_app.
  fold (grades (map (real_sweep E) (firstn s sweeps))). fold r'. destruct s as [|s].
  - cbn [firstn map nth]. unfold grades; cbn [flat_map]. rewrite left_over_nil.
    apply (linear_bound d G); try assumption. intros l Hl. rewrite (Hz' l Hl).
    destruct (C l Hl) as (_ & HL & _). unfold p, make_ready in HL; cbn [limit] in HL. destruct (bound w) as [n b].
    apply units; assumption.
  - cbn [map nth]. apply Hb; [cbn in Hs'; lia|assumption].
Qed.

(** Whatever the dimension, the nodal values v/D of the target f, the offset and the sweeps: if [check] computes to
    true for some common grid of mesh 1/G, then the multigrade network of the sweeps is well formed, has width at
    most d+3 and d+1 layers a grade, and the networks of its first grades are prefixes of it; at every point of the
    closed cube |f - Phi| is at most the s-th bound after sweep s; and no grade makes |f - Phi| larger anywhere. *)
Theorem multigrade_check_sound : forall d c v D e offset G sweeps, check d c v D e offset G sweeps = true ->
  let f := kuhn_target d c v D in
  let network := data_network d offset (D * e) sweeps in
  well_formed network /\ (width network <= d + 3)%nat /\ depth network = ((d + 1) * grade_count sweeps)%nat /\
  (forall i, prefix ((d + 1) * i) network = multigrade inject_Z d offset (firstn i (all_grades (D * e) sweeps))) /\
  (forall s x, (s < length sweeps)%nat -> cube d x ->
    Rabs (f x - stage (real network) (grades_through (S s) sweeps) x) <= Q2R (nth s (map bound sweeps) 0%Q)) /\
  (forall i x, (i < grade_count sweeps)%nat -> cube d x ->
    Rabs (f x - stage (real network) (S i) x) <= Rabs (f x - stage (real network) i x)).
Proof.
  intros d c v D e offset G sweeps H f n. set (E := (D * e)%positive) in *.
  apply andb_prop in H. destruct H as [H Hc]. apply andb_prop in H. destruct H as [H Hok]. apply andb_prop in H. destruct H as [H Hdiv].
  apply andb_prop in H. destruct H as [Hd HG]. apply Nat.leb_le in Hd, HG. cbn zeta in Hc. fold E in Hc.
  rewrite forallb_forall in Hok, Hc. destruct (divides_spec _ _ HG Hdiv) as (Hm & Hq & EG).
  set (z := fun l => (Z.of_nat c * Zpos e * fine_sum v (Z.of_nat (G / c)) (G / c) 0 l)%Z).
  assert (HE : IZR (Zpos E) = IZR (Zpos D) * IZR (Zpos e)) by (unfold E; rewrite Pos2Z.inj_mul, mult_IZR; reflexivity).
  assert (0 < IZR (Zpos D)) by (apply IZR_lt; lia). assert (0 < IZR (Zpos e)) by (apply IZR_lt; lia).
  assert (0 < INR (G / c)) by (apply lt_0_INR; lia). assert (0 < INR c) by (apply lt_0_INR; lia).
  assert (EI : INR G = INR (G / c) * INR c) by (rewrite EG at 1; apply mult_INR).
  assert (Hz : forall l, In l (nodes d G) -> f (point G l) = IZR (z l) / (IZR (Zpos E) * INR G)).
  { intros l Hl. rewrite EG in Hl. pose proof (kuhn_at_fine_node d c (G / c) v D l Hm Hq Hl) as F. rewrite <- EG in F.
    unfold z. rewrite !mult_IZR, <- INR_IZR_INZ, HE, EI. fold (kuhn_target d c v D) in F. fold f in F.
    apply Rmult_eq_reg_l with (INR (G / c)); [|lra]. rewrite F. field. lra. }
  assert (Hf : linear d G f) by (rewrite EG; apply linear_on_finer; try assumption; apply kuhn_linear; assumption).
  assert (C : forall l, In l (nodes d G) -> (Z.abs (z l) <= offset * (Zpos E * Z.of_nat G))%Z /\
    check_from (Z.of_nat G) (map (make_ready E G) sweeps) (z l) l = true).
  { intros l Hl. specialize (Hc l Hl). apply andb_prop in Hc. destruct Hc as [C1 C2]. apply Z.leb_le in C1. auto. }
  assert (HB : forall x, cube d x -> Rabs (f x) <= IZR offset).
  { apply (linear_bound d G); try assumption. intros l Hl. rewrite (Hz l Hl).
    replace (IZR offset) with (Q2R (offset # 1)) by (unfold Q2R; cbn [Qnum Qden]; field).
    apply units; [assumption|]. rewrite Z.div_1_r. apply C; assumption. }
  destruct (check_from_sound d E G Hd HG sweeps f z Hf Hz Hok) as [He Hb]; [intros l Hl; apply C; assumption|].
  destruct (multigrade_size Q inject_Z d offset (all_grades E sweeps) Hd) as (S1 & S2 & S3 & S4).
  split; [exact S1|]. split; [exact S2|]. split; [|split; [exact S4|]].
  - fold n in S3. unfold n, data_network. rewrite S3. f_equal. unfold all_grades, grade_count.
    clear. induction sweeps as [|w sweeps IH]; [reflexivity|]. cbn [flat_map]. rewrite !app_length, IH, map_length. reflexivity.
  - unfold n. rewrite real_network. split.
    + intros s x Hs Hx. rewrite (stage_eval d offset f) by (auto; rewrite grades_length; unfold grades_through, grade_count;
        rewrite <- (firstn_skipn (S s) sweeps) at 2; rewrite flat_map_app, app_length; lia).
      rewrite grades_firstn. apply Hb; assumption.
    + intros i x Hi Hx. rewrite <- (grades_length E) in Hi.
      destruct (nth_error (grades (map (real_sweep E) sweeps)) i) as [g|] eqn:Hg; [|apply nth_error_None in Hg; lia].
      pose proof (multigrade_erodes d offset f _ x i g Hd Hx (HB x Hx) He Hg) as M. cbn zeta in M. rewrite M.
      pose proof (hat_range d (cells g) (node g) x). pose proof (Rabs_pos (step g)). nra.
Qed.
